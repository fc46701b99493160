using ListServer.Admin.Lists;
using ListServer.Lists;

namespace ListServer.Admin.Members;

/// <summary>A list's members as they are told to somebody.</summary>
/// <param name="Members">The first 500, by address.</param>
/// <param name="Count">How many there are.</param>
public sealed record RosterAnswer(IReadOnlyList<Member> Members, int Count);

/// <summary>The members of a list, for somebody whom it tells them (<see cref="MailingList.Roster"/>).</summary>
/// <param name="List">The posting address.</param>
/// <param name="Reader">Who asks.</param>
/// <param name="IsProven">True when it is certain that it is they who ask.</param>
public sealed record ReadRoster(string List, string Reader, bool IsProven) : Query<RosterAnswer>
{
    private const int Most = 500;

    /// <inheritdoc/>
    protected override Outcome<RosterAnswer> Look(AdminContext context)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        var reader = IsProven ? context.Store.FindMember(list.Address, Reader) : null;
        var isTold = list.Roster switch
        {
            RosterAccess.Anyone => true,
            RosterAccess.Members => reader is not null,
            RosterAccess.Moderators => reader is { Role: not MemberRole.Member },
            _ => false,
        };
        return isTold
            ? new RosterAnswer(context.Store.Members(list.Address, null, Most), context.Store.CountMembers(list.Address))
            : new RefusedUseCase(Refusal.NotAllowed, $"The members of {list.Address} are not told to {Reader}.");
    }
}
