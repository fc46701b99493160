using System.Collections.Immutable;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Jobs;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Admin.Jobs;

/// <summary>Begins to add the members of a file; <see cref="JobRuns"/> goes on with <see cref="ImportBatch"/>. The operator vouches for their consent.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Text">The file's text: one address a line, or CSV with an "email" column.</param>
/// <param name="SkipBad">Leaves bad lines out and adds the rest; otherwise one bad line, and nothing is begun.</param>
public sealed record StartImport(string List, string Text, bool SkipBad = false) : UseCase<Job>
{
    private const int BadShown = 100;

    /// <inheritdoc/>
    public override async Task<Outcome<Job>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        var (lines, bad) = MemberFile.Read(Text, context, list);
        if (bad.Count > 0 && !SkipBad)
        {
            return RefusedUseCase.Invalid($"Nothing was imported: {bad.Count} bad line(s). Mend them, or leave them out.\n{MemberFile.Words(bad)}");
        }

        if (lines.Count == 0)
        {
            return RefusedUseCase.Invalid("Nothing was imported: the file holds no address.");
        }

        var job = new Job(OrderedId.New(context.Time), JobKind.Import, list.Address, context.Actor, context.Time.GetUtcNow(), lines.Count)
        {
            Bad = bad.Count,
            BadLines = [.. bad.Take(BadShown).Select(line => $"line {line.Line}: {line.Problem}")],
        };
        await context.CommitAsync(new JobSaved(job), cancellationToken);
        return job;
    }

    /// <summary>The lines in their order, as they were counted.</summary>
    internal static Outcome<IReadOnlyList<MemberLine>> Lines(AdminContext context, string address, string text) => context.Store.FindList(address) is { } list
        ? Outcome.Done<IReadOnlyList<MemberLine>>(MemberFile.Read(text, context, list).Lines)
        : MissingList.Refuse(address);
}

/// <summary>Adds some of a job's members, and counts them, in one commit.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Lines">Who.</param>
/// <param name="FileName">For the record of consent (AUTH-83).</param>
/// <param name="Wording">What they agreed to, in the words that were shown; may be empty.</param>
public sealed record ImportBatch(string JobId, ImmutableArray<ImportLine> Lines, string FileName, string Wording) : UseCase<Job>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Job>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindJob(JobId) is not { State: JobState.Running } job)
        {
            return RefusedUseCase.Conflict($"The job {JobId} does not run any more.");
        }

        if (context.Store.FindList(job.List) is not { } list)
        {
            return MissingList.Refuse(job.List);
        }

        var (now, source) = (context.Time.GetUtcNow(), $"imported from {FileName} by {context.Actor}");
        List<Member> added = [.. Lines
            .Where(line => context.Store.FindMember(list.Address, line.Address) is null)
            .DistinctBy(line => line.Address, StringComparer.OrdinalIgnoreCase)
            .Select(line => new Member(list.Address, line.Address, line.DisplayName, MemberRole.Member, now, source, Wording: Wording))];
        var handled = job.Handled + Lines.Length;
        var after = job with
        {
            Handled = handled,
            Added = job.Added + added.Count,
            AlreadyMembers = job.AlreadyMembers + Lines.Length - added.Count,
            State = handled >= job.Total ? JobState.Done : JobState.Running,
            EndedAt = handled >= job.Total ? now : null,
        };
        await context.CommitAsync(added.Count > 0 ? [new MembersSaved(list.Address, [.. added]), new JobSaved(after)] : [new JobSaved(after)], cancellationToken);
        return after;
    }
}

/// <summary>An address to add.</summary>
/// <param name="Address">In the stored form.</param>
/// <param name="DisplayName">May be empty.</param>
public sealed record ImportLine(string Address, string DisplayName);

/// <summary>Reads a job's lines for its run; bad ones are left out.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Text">The file's text.</param>
public sealed record ReadImport(string List, string Text) : Query<IReadOnlyList<ImportLine>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<ImportLine>> Look(AdminContext context) => StartImport.Lines(context, List, Text) switch
    {
        Outcome<IReadOnlyList<MemberLine>>.Done(var lines) => Outcome.Done<IReadOnlyList<ImportLine>>([.. lines.Select(line => new ImportLine(line.Address, line.DisplayName))]),
        Outcome<IReadOnlyList<MemberLine>>.Refused(var kind, var message) => new RefusedUseCase(kind, message),
        _ => throw new InvalidOperationException("An outcome is done or refused."),
    };
}
