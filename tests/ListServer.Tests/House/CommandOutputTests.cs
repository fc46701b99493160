using System.Text.RegularExpressions;

namespace ListServer.Tests.House;

/// <summary>Values in a command's lines may come from mail or DNS: they all go through one place.</summary>
public sealed partial class CommandOutputTests
{
    [Fact]
    public void No_command_prints_a_value_that_is_not_made_visible()
    {
        var raw = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "ListServer", "Commands"), "*.cs")
            .SelectMany(file => RawLine().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetFileName(file)}: {match.Value}"));

        raw.ShouldBeEmpty();
    }

    [GeneratedRegex(@"(?i:output|error)\.Write(Line)?(Async)?\(\s*(FormattableString\.\w+\(\s*)?\$.*")]
    private static partial Regex RawLine();
}
