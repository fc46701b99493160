using ListServer.Admin.Lists;
using ListServer.Lists;

namespace ListServer.Admin.Members;

/// <summary>Which members are looked for.</summary>
public enum MemberFilter
{
    /// <summary>All.</summary>
    All,

    /// <summary>Those who own or moderate the list.</summary>
    Staff,

    /// <summary>Those whose delivery stopped because mail came back.</summary>
    Suspended,

    /// <summary>Those who want no mail, or none just now.</summary>
    WithoutMail,
}

/// <summary>A page of members that were looked for.</summary>
/// <param name="Members">By address.</param>
/// <param name="After">What the next page begins behind; null when there is none.</param>
public sealed record FoundMembers(IReadOnlyList<Member> Members, string? After);

/// <summary>Members of a list whose address or name holds a text. Reads the list in pieces, up to a bound of work a page.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Text">In any case; empty for all.</param>
/// <param name="Filter">Which of them.</param>
/// <param name="After">Only those behind this address; null for the first page.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record FindMembers(string List, string Text = "", MemberFilter Filter = MemberFilter.All, string? After = null, int Limit = 50) : Query<FoundMembers>
{
    private const int Piece = 1_000;
    private const int MostPieces = 100;

    /// <inheritdoc/>
    protected override Outcome<FoundMembers> Look(AdminContext context)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (Limit is < 1 or > 1_000)
        {
            return RefusedUseCase.Invalid("A page has 1 to 1,000 members.");
        }

        var (found, after, now) = (new List<Member>(), After, context.Time.GetUtcNow());
        for (var pieces = 0; pieces < MostPieces; pieces++)
        {
            var piece = context.Store.Members(list.Address, after, Piece);
            foreach (var member in piece.Where(member => Is(member, now)))
            {
                if (found.Count == Limit)
                {
                    return new FoundMembers(found, found[^1].Address);
                }

                found.Add(member);
            }

            if (piece.Count < Piece)
            {
                return new FoundMembers(found, null);
            }

            after = piece[^1].Address;
        }

        return new FoundMembers(found, after);
    }

    private bool Is(Member member, DateTimeOffset now) =>
        (Text.Length == 0 || member.Address.Contains(Text, StringComparison.OrdinalIgnoreCase) || member.DisplayName.Contains(Text, StringComparison.OrdinalIgnoreCase))
        && Filter switch
        {
            MemberFilter.Staff => member.Role is not MemberRole.Member,
            MemberFilter.Suspended => member.SuspendedAt is not null,
            MemberFilter.WithoutMail => !member.IsReceiving || member.IsPaused(now),
            _ => true,
        };
}
