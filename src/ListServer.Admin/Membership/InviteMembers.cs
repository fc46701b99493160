using System.Collections.Immutable;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Membership;

/// <summary>What became of invitations.</summary>
/// <param name="Invited">Who gets one.</param>
/// <param name="AlreadyMembers">Who was a member before, and gets none.</param>
/// <param name="AskedEnough">Who was written to often enough today, and gets none (AUTH-97).</param>
public sealed record InviteReport(ImmutableArray<string> Invited, ImmutableArray<string> AlreadyMembers, ImmutableArray<string> AskedEnough);

/// <summary>Invites addresses: each becomes a member by its own answer, whatever the list's policy, and no moderator is asked. One bad address, and nobody is invited.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Addresses">Whom; 1,000 at the most.</param>
/// <param name="Text">The inviting person's own words; may be empty.</param>
public sealed record InviteMembers(string List, ImmutableArray<string> Addresses, string Text = "") : UseCase<InviteReport>
{
    private const int Most = 1_000;
    private const int LongestText = 2_000;

    /// <inheritdoc/>
    public override async Task<Outcome<InviteReport>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        var (addresses, problems) = Read();
        problems.AddRange(addresses.Select(address => Admission.Banned(context, list, address)?.Message).OfType<string>());
        if (problems.Count > 0)
        {
            return RefusedUseCase.Invalid("Nobody was invited: " + string.Join('\n', problems));
        }

        var members = addresses.Where(address => context.Store.FindMember(list.Address, address) is not null).ToImmutableArray();
        var report = addresses.Except(members).ToLookup(address => context.Questions.TryTake(address, null, isAuthenticated: true));
        await context.CommitAsync([.. report[true].Select(address => new NoticeOwed(Invitation(context, list, address)))], cancellationToken);
        return new InviteReport([.. report[true]], members, [.. report[false]]);
    }

    private (List<string> Addresses, List<string> Problems) Read()
    {
        var (addresses, problems) = (new List<string>(), new List<string>());
        foreach (var text in Addresses)
        {
            if (MemberAddress.TryParse(text, out var address, out var error))
            {
                addresses.Add(address!);
            }
            else
            {
                problems.Add(error!);
            }
        }

        if (addresses.Count is 0 or > Most)
        {
            problems.Add($"1 to {Most} addresses can be invited at once.");
        }

        if (Text.Length > LongestText)
        {
            problems.Add($"The text is longer than {LongestText} characters.");
        }

        return ([.. addresses.Distinct(StringComparer.OrdinalIgnoreCase)], problems);
    }

    private OwedNotice Invitation(AdminContext context, MailingList list, string address)
    {
        var now = context.Time.GetUtcNow();
        var question = new Confirmation(
            "", ConfirmationKind.Invite, list.Address, address, now + ConfirmationToken.Lifetime, Evidence: $"by an invitation of {context.Actor} on {now:u}");
        return new OwedNotice(OrderedId.New(context.Time), NoticeKind.Invite, list.Address, address, Reason: Text.Trim(), Question: question);
    }
}
