using System.Text.RegularExpressions;

namespace ListServer.Tests.House;

/// <summary>Who reads "RFC n §s" in a comment finds that standard in the room's table.</summary>
public sealed partial class StandardsTableTests
{
    public static TheoryData<string> Rooms =>
        [.. Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Every_standard_cited_in_a_room_stands_in_its_table(string room)
    {
        var folder = Path.Combine(Repository.Root, "src", room);
        var rows = Directory.EnumerateFiles(folder, "README.md", SearchOption.AllDirectories).SelectMany(File.ReadLines).Where(line => line.StartsWith('|'));
        var known = rows.SelectMany(row => Number().Matches(row)).Select(match => match.Value).ToHashSet();
        var cited = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal))
            .SelectMany(path => Citation().Matches(File.ReadAllText(path)))
            .Select(match => match.Groups[1].Value);

        cited.Except(known).ShouldBeEmpty();
    }

    [GeneratedRegex(@"RFC (\d{3,5})")]
    private static partial Regex Citation();

    [GeneratedRegex(@"\b\d{3,5}\b")]
    private static partial Regex Number();
}
