using System.Collections.Immutable;
using ListServer.Lists.Reports;
using ListServer.Store.Changes;

namespace ListServer.Admin.Reports;

/// <summary>A file that may hold reports.</summary>
/// <param name="Name">What it is called, for the answer.</param>
/// <param name="Octets">A report, alone or in a gzip or zip file, or a mail with reports.</param>
public sealed record ReportFile(string Name, byte[] Octets);

/// <summary>What became of one document of a file.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Answer">What became of it.</param>
public sealed record ImportedReport(string File, ReportAnswer Answer);

/// <summary>Takes reports from files. Whoever gives them vouches for them.</summary>
/// <param name="Files">The files.</param>
public sealed record ImportReports(ImmutableArray<ReportFile> Files) : UseCase<IReadOnlyList<ImportedReport>>
{
    /// <inheritdoc/>
    public override async Task<Outcome<IReadOnlyList<ImportedReport>>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var intake = new ReportIntake(context.Store, context.Time.GetUtcNow(), context.Actor, ByMail: false, Doubt: null);
        var answers = new List<ImportedReport>();
        foreach (var file in Files)
        {
            var changes = new List<Change>();
            var documents = ReportDocuments.InFile(file.Octets, out var problem);
            foreach (var document in documents)
            {
                answers.Add(new ImportedReport(file.Name, intake.Decide(document, out var change)));
                if (change is not null)
                {
                    changes.Add(change);
                }
            }

            if (documents.IsEmpty)
            {
                answers.Add(new ImportedReport(file.Name, new ReportAnswer(ReportFate.Refused, problem!, null)));
            }

            if (changes.Count > 0)
            {
                await context.CommitAsync(changes, cancellationToken);
            }
        }

        return answers;
    }
}
