using System.Text.RegularExpressions;

namespace ListServer.Store.Tests;

/// <summary>All kinds of records stand in one table: two kinds with one letter would overwrite each other.</summary>
public sealed partial class TableKeyTests
{
    [Fact]
    public void Each_kind_of_record_has_a_letter_of_its_own()
    {
        var letters = Letter().Matches(File.ReadAllText(Source(AppContext.BaseDirectory))).Select(match => match.Groups[1].Value).ToList();

        letters.Count.ShouldBeGreaterThan(20);
        letters.GroupBy(letter => letter).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();
    }

    private static string Source(string folder) => File.Exists(Path.Combine(folder, "ListServer.sln"))
        ? Path.Combine(folder, "src", "ListServer.Store", "Tables", "TableKey.cs")
        : Source(Path.GetDirectoryName(folder)!);

    [GeneratedRegex("""(?:= |=> )['"]([^\\'"])['"]""")]
    private static partial Regex Letter();
}
