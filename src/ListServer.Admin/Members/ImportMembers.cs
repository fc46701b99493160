using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>What an import did.</summary>
/// <param name="Added">New subscriptions.</param>
/// <param name="AlreadyMembers">Addresses that were on the list, or stood in the file before; left as they are.</param>
/// <param name="Bad">Lines left out, when bad lines are skipped.</param>
public sealed record ImportReport(int Added, int AlreadyMembers, IReadOnlyList<BadLine> Bad);

/// <summary>Subscribes all addresses of a file: the operator vouches for their consent. One bad line, and nothing is done.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Text">The file's text: one address a line, or CSV with an "email" column.</param>
/// <param name="FileName">For the record of consent (AUTH-83).</param>
/// <param name="SkipBad">Leaves bad lines out and imports the rest.</param>
/// <param name="Wording">What they agreed to, in the words that were shown; may be empty.</param>
/// <param name="IsTrial">True to be told only what would be done.</param>
public sealed record ImportMembers(string List, string Text, string FileName, bool SkipBad = false, string Wording = "", bool IsTrial = false) : UseCase<ImportReport>
{
    private const int MembersPerChange = 1_000;

    /// <inheritdoc/>
    public override async Task<Outcome<ImportReport>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        var (lines, bad) = MemberFile.Read(Text, context, list);
        if (bad.Count > 0 && !SkipBad && !IsTrial)
        {
            return RefusedUseCase.Invalid($"Nothing was imported: {bad.Count} bad line(s). Mend them, or import the rest with --skip-bad.\n{MemberFile.Words(bad)}");
        }

        // One walk over the members costs less than a look-up for each of many lines.
        var seen = context.Store.Members(list.Address, null, int.MaxValue).Select(member => member.Address).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var (now, source) = (context.Time.GetUtcNow(), $"imported from {FileName} by {context.Actor}");
        var added = lines
            .Where(line => seen.Add(line.Address))
            .Select(line => new Member(list.Address, line.Address, line.DisplayName, MemberRole.Member, now, source, Wording: Wording))
            .ToList();
        if (IsTrial)
        {
            return new ImportReport(added.Count, lines.Count - added.Count, bad);
        }

        await context.CommitAsync(
            [.. added.Chunk(MembersPerChange).Select(chunk => new MembersSaved(list.Address, [.. chunk]))], cancellationToken);
        return new ImportReport(added.Count, lines.Count - added.Count, bad);
    }
}
