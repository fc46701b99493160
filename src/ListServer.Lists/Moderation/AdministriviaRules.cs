using System.Collections.Immutable;
using ListServer.Lists.Commands;

namespace ListServer.Lists.Moderation;

/// <summary>Mail commands that went to everybody instead of to the list server.</summary>
internal static class AdministriviaRules
{
    private const int LinesRead = 5;

    public static readonly ImmutableArray<Rule> All = [new("administrivia", Apply)];

    private static Verdict.Hold? Apply(Candidate candidate)
    {
        if (!candidate.List.Moderation.HoldsAdministrivia || candidate.IsFromModerator)
        {
            return null;
        }

        var lines = CommandText.Lines(candidate.Message).Take(LinesRead).Append(CommandLine.Bare(PostContent.Read(candidate.Message).Subject));
        return lines.Any(line => line.Length > 0 && CommandLine.Read(line, candidate.List, candidate.Report.Author.Address ?? "") is not Command.Unknown)
            ? new Verdict.Hold("Message contains administrivia")
            : null;
    }
}
