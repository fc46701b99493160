using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>What a member can choose about delivery.</summary>
public enum DeliveryChoice
{
    /// <summary>A copy of each post.</summary>
    Regular,

    /// <summary>Many posts in one message, each whole (multipart/digest).</summary>
    MimeDigest,

    /// <summary>Many posts in one plain text.</summary>
    PlainDigest,

    /// <summary>Once a day, what was posted, without the texts.</summary>
    DailySummary,

    /// <summary>Nothing until a date; then as before.</summary>
    Paused,

    /// <summary>Nothing, until it is switched on again.</summary>
    NoMail,
}

/// <summary>Changes how a member receives a list and what they may do there; what is null stays. Posts that wait in the queue already still come.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
public sealed record SetMember(string List, string Address) : UseCase<Member>
{
    private const int LongestName = 100;
    private static readonly TimeSpan LongestPause = TimeSpan.FromDays(366);

    /// <summary>How posts come.</summary>
    public DeliveryChoice? Delivery { get; init; }

    /// <summary>The end of a pause; for <see cref="DeliveryChoice.Paused"/> only, and needed there.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>See <see cref="Member.OwnCopies"/>.</summary>
    public bool? OwnCopies { get; init; }

    /// <summary>See <see cref="Member.AvoidsDuplicates"/>.</summary>
    public bool? AvoidsDuplicates { get; init; }

    /// <summary>What the member may do.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>As given; may be empty.</summary>
    public string? DisplayName { get; init; }

    /// <inheritdoc/>
    public override async Task<Outcome<Member>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (context.Store.FindMember(list.Address, Address.Trim()) is not { } present)
        {
            return RefusedUseCase.NotFound($"{Address} is not on {list.Address}.");
        }

        if (Problem(context.Time.GetUtcNow()) is { } problem)
        {
            return RefusedUseCase.Invalid(problem);
        }

        var member = Choose(present) with
        {
            OwnCopies = OwnCopies ?? present.OwnCopies,
            AvoidsDuplicates = AvoidsDuplicates ?? present.AvoidsDuplicates,
            Role = Role ?? present.Role,
            DisplayName = DisplayName?.Trim() ?? present.DisplayName,
        };
        if (member != present)
        {
            await context.CommitAsync([new MembersSaved(list.Address, [member])], cancellationToken);
        }

        return member;
    }

    private Member Choose(Member present) => Delivery switch
    {
        null => present,
        DeliveryChoice.NoMail => present with { IsReceiving = false, PausedUntil = null },
        DeliveryChoice.Paused => present with { IsReceiving = true, PausedUntil = Until },
        var choice => present with { IsReceiving = true, PausedUntil = null, Delivery = Enum.Parse<DeliveryMode>(choice.Value.ToString()) },
    };

    private string? Problem(DateTimeOffset now) => (Delivery, Until) switch
    {
        _ when this == new SetMember(List, Address) => "Nothing was named that is to change.",
        _ when DisplayName is { Length: > LongestName } => $"The name is longer than {LongestName} characters.",
        _ when DisplayName?.Any(char.IsControl) is true => "A name can't hold line breaks or control characters.",
        (DeliveryChoice.Paused, null) => "A pause needs the date on which it ends.",
        (not DeliveryChoice.Paused, not null) => "Only a pause has a date on which it ends.",
        (_, { } until) when until <= now => $"A pause ends in the future, not on {until:yyyy-MM-dd HH:mm zzz}.",
        (_, { } until) when until > now + LongestPause => $"A pause lasts a year at the most; {until:yyyy-MM-dd} is too far away. Without an end it is no mail.",
        _ => null,
    };
}
