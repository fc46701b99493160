using System.Collections.Immutable;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>What a synchronisation did, or would do.</summary>
/// <param name="Added">Who was in the file and not on the list.</param>
/// <param name="Removed">Who was on the list and not in the file.</param>
/// <param name="Unchanged">How many were in both.</param>
/// <param name="Kept">Who is not in the file, but stays: owners and moderators, and lists that are parts of this one.</param>
/// <param name="IsDone">False when it was only tried.</param>
public sealed record SyncReport(ImmutableArray<string> Added, ImmutableArray<string> Removed, int Unchanged, ImmutableArray<string> Kept, bool IsDone);

/// <summary>
/// Makes a list's members those of a file: who is missing is added, who is gone is removed, in one commit or not at all. Names and settings of
/// those who stay are left as they are.
/// </summary>
/// <param name="List">The posting address.</param>
/// <param name="Text">The file's text: one address a line, or CSV with an "email" column.</param>
/// <param name="FileName">For the record of consent (AUTH-83).</param>
/// <param name="IsTrial">True to change nothing, and say what would change.</param>
/// <param name="MayRemoveMany">True to remove more than half of the members at once.</param>
/// <param name="Wording">What the added agreed to, in the words that were shown; may be empty.</param>
public sealed record SyncMembers(string List, string Text, string FileName, bool IsTrial = false, bool MayRemoveMany = false, string Wording = "") : UseCase<SyncReport>
{
    private const int MembersPerChange = 1_000;
    private const int FewMembers = 10;

    /// <inheritdoc/>
    public override async Task<Outcome<SyncReport>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        var (lines, bad) = MemberFile.Read(Text, context, list);
        if (bad.Count > 0)
        {
            return RefusedUseCase.Invalid($"Nothing was changed: {bad.Count} bad line(s). Mend them first: who stands on one would be removed.\n{MemberFile.Words(bad)}");
        }

        if (lines.Count == 0)
        {
            return RefusedUseCase.Invalid("Nothing was changed: the file holds no address.");
        }

        var wanted = lines.DistinctBy(line => line.Address, StringComparer.OrdinalIgnoreCase).ToDictionary(line => line.Address, StringComparer.OrdinalIgnoreCase);
        var members = context.Store.Members(list.Address, null, int.MaxValue);
        var gone = members.Where(member => !wanted.ContainsKey(member.Address)).ToLookup(member => IsKept(context, member));
        var removed = gone[false].Select(member => member.Address).ToImmutableArray();
        if (removed.Length > FewMembers && removed.Length > members.Count / 2 && !MayRemoveMany)
        {
            return RefusedUseCase.Conflict(
                $"Nothing was changed: {removed.Length} of {members.Count} members are not in the file. If they shall go, say --remove-many.");
        }

        var present = members.Select(member => member.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var added = wanted.Values.Where(line => !present.Contains(line.Address)).ToList();
        var report = new SyncReport(
            [.. added.Select(line => line.Address)], removed, members.Count - gone.Sum(some => some.Count()), [.. gone[true].Select(member => member.Address)], IsDone: !IsTrial);
        if (!IsTrial && added.Count + removed.Length > 0)
        {
            await context.CommitAsync([.. Changes(context, list, added, removed)], cancellationToken);
        }

        return report;
    }

    private static bool IsKept(AdminContext context, Member member) => member.Role is not MemberRole.Member || context.Store.FindList(member.Address) is not null;

    private IEnumerable<Change> Changes(AdminContext context, MailingList list, List<MemberLine> added, ImmutableArray<string> removed)
    {
        var now = context.Time.GetUtcNow();
        var source = $"in {FileName}, synchronised by {context.Actor}";
        foreach (var chunk in removed.Chunk(MembersPerChange))
        {
            yield return new MembersRemoved(list.Address, [.. chunk], now, $"no longer {source}");
        }

        foreach (var chunk in added.Chunk(MembersPerChange))
        {
            yield return new MembersSaved(
                list.Address, [.. chunk.Select(line => new Member(list.Address, line.Address, line.DisplayName, MemberRole.Member, now, source, Wording: Wording))]);
        }
    }
}
