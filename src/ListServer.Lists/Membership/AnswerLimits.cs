namespace ListServer.Lists.Membership;

/// <summary>How many automatic answers one mailbox gets a day (AUTH-56): what keeps two programs from answering each other for ever.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class AnswerLimits(TimeProvider time)
{
    /// <summary>Answers to one mailbox that certainly asked.</summary>
    public const int PerAddress = 20;

    /// <summary>Answers to one mailbox that may have asked.</summary>
    public const int PerClaimedAddress = 1;

    private readonly Lock _turn = new();
    private readonly RecentTimes _recent = new(ConfirmationLimits.Span);

    /// <summary>True, and counted, when one more answer may go to the address.</summary>
    /// <param name="address">Who would be answered.</param>
    /// <param name="isAuthenticated">True when somebody vouches for the address.</param>
    public bool TryTake(string address, bool isAuthenticated)
    {
        var (name, now) = (FoldedAddress.Of(address), time.GetUtcNow());
        lock (_turn)
        {
            if (_recent.Count(name, now) >= (isAuthenticated ? PerAddress : PerClaimedAddress))
            {
                return false;
            }

            _recent.Add(name, now);
            return true;
        }
    }
}
