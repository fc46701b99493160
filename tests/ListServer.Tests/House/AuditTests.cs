using System.Text.RegularExpressions;

namespace ListServer.Tests.House;

/// <summary>Who changed what is written down with every change that somebody makes.</summary>
public sealed partial class AuditTests
{
    [Fact]
    public void No_use_case_commits_past_the_record_of_changes() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "ListServer.Admin"), "*.cs", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) != "UseCase.cs" && Past().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName)
            .ShouldBeEmpty();

    [GeneratedRegex(@"\bStore\.CommitAsync\(")]
    private static partial Regex Past();
}
