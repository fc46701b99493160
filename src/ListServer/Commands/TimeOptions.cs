using System.CommandLine;
using System.Globalization;
using ListServer.Lists;

namespace ListServer.Commands;

/// <summary>--at and --zone: a moment as people name it.</summary>
internal sealed class TimeOptions(bool isRequired)
{
    private const string Form = "a time of ISO 8601, such as 2027-10-01T09:00+09:00; without an offset, --zone names the zone";

    private static readonly string[] WithOffset = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    private readonly Option<string?> _at = new("--at") { Description = $"Not before: {Form}.", HelpName = "TIME", Required = isRequired };
    private readonly Option<string?> _zone = new("--zone") { Description = "The zone of --at, such as Asia/Tokyo.", HelpName = "ZONE" };

    public void AddTo(Command command)
    {
        command.Add(_at);
        command.Add(_zone);
    }

    /// <summary>Reads both. True with null when neither was given.</summary>
    public bool TryRead(ParseResult parse, out DateTimeOffset? at, out string problem)
    {
        (at, problem) = (null, "");
        return (parse.GetValue(_at), parse.GetValue(_zone)) switch
        {
            (null, null) => true,
            (null, _) => Fail("--zone says of which zone --at is; there is no --at.", out problem),
            ({ } text, null) => TryOffset(text, out at, out problem),
            ({ } text, { } zone) => TryZone(text, zone, out at, out problem),
        };
    }

    private static bool TryOffset(string text, out DateTimeOffset? at, out string problem)
    {
        problem = "";
        var isRead = DateTimeOffset.TryParseExact(text, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read);
        at = isRead ? read : null;
        return isRead || Fail($"--at takes {Form}; not '{text}'.", out problem);
    }

    private static bool TryZone(string text, string name, out DateTimeOffset? at, out string problem)
    {
        var fault = ZonedTime.Read(text, name, out var read);
        (at, problem) = (fault is ZonedTimeFault.None ? read : null, "");
        return fault switch
        {
            ZonedTimeFault.None => true,
            ZonedTimeFault.UnknownZone => Fail($"There is no zone '{name}' on this machine; one is Asia/Tokyo.", out problem),
            ZonedTimeFault.NoTime => Fail($"With --zone, --at takes a time without an offset, such as 2027-10-01T09:00; not '{text}'.", out problem),
            _ => Fail($"{text} is {(fault is ZonedTimeFault.Skipped ? "no time" : "two times")} in {name}, as clocks change then; name the offset instead of the zone.", out problem),
        };
    }

    private static bool Fail(string words, out string problem)
    {
        problem = words;
        return false;
    }
}
