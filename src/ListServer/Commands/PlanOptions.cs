using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ListServer.Lists.Announcements;

namespace ListServer.Commands;

/// <summary>How an announcement is sent, as options of a command.</summary>
internal sealed class PlanOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    private readonly TimeOptions _time = new(isRequired: false);
    private readonly Option<SendingRate?> _rate = new("--rate")
    {
        Description = "No faster than so many recipients a minute or an hour: 600/min, 5000/hour.",
        HelpName = "N/min|N/hour",
        CustomParser = result => Rate(result),
    };

    private readonly Option<int?> _first = new("--first") { Description = "So many get it first, of every destination in turn.", HelpName = "N" };
    private readonly Option<TimeSpan?> _thenAfter = Span("--then-after", "So long after the first, all others follow: 90s, 30m, 2h.");
    private readonly Option<bool> _thenOnResume = new("--then-on-resume") { Description = "All others follow the first when 'announce resume' says so." };
    private readonly Option<double?> _stopAt = new("--stop-at-refusals")
    {
        Description = "It stops by itself when more than this share of the first 500 refuse it for good: 5% by default, 100% for never.",
        HelpName = "PERCENT",
        CustomParser = result => Share(result),
    };

    /// <summary>How long it can be taken back.</summary>
    public Option<TimeSpan?> Undo { get; } = Span("--undo", "It begins so much later, and can be stopped until then: 60s.");

    public void AddTo(Command command)
    {
        _time.AddTo(command);
        foreach (var option in new Option[] { _rate, _first, _thenAfter, _thenOnResume, _stopAt, Undo })
        {
            command.Add(option);
        }
    }

    /// <summary>The plan; null with the problem in words when the options do not fit together.</summary>
    public SendingPlan? Read(ParseResult parse, out string problem)
    {
        if (!_time.TryRead(parse, out var at, out problem))
        {
            return null;
        }

        var (first, then, onResume) = (parse.GetValue(_first), parse.GetValue(_thenAfter), parse.GetValue(_thenOnResume));
        if (first is null ? then is not null || onResume : then is null != onResume)
        {
            problem = "--first goes with one of --then-after and --then-on-resume, and they with it.";
            return null;
        }

        return new SendingPlan
        {
            NotBefore = at,
            Rate = parse.GetValue(_rate),
            First = first ?? 0,
            ThenAfter = then,
            StopAtRefusals = parse.GetValue(_stopAt) ?? SendingPlan.UsualRefusals,
        };
    }

    private static Option<TimeSpan?> Span(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            TimeSpan? unit = text.Length == 0 ? null : text[^1] switch
            {
                's' => TimeSpan.FromSeconds(1),
                'm' => TimeSpan.FromMinutes(1),
                'h' => TimeSpan.FromHours(1),
                _ => null,
            };
            return unit is not null && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= Longest / unit
                ? unit * count
                : Wrong<TimeSpan>(result, $"{name} takes a number and s, m or h, such as 30m, up to {Longest.TotalHours:0}h; not '{text}'.");
        },
    };

    private static SendingRate? Rate(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var parts = text.Split('/');
        TimeSpan? per = parts is [_, var unit] ? unit switch
        {
            "min" => TimeSpan.FromMinutes(1),
            "hour" => TimeSpan.FromHours(1),
            _ => null,
        } : null;
        if (per is not null && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0)
        {
            return new SendingRate(count, per.Value);
        }

        result.AddError($"--rate takes N/min or N/hour, such as 600/min; not '{text}'.");
        return null;
    }

    private static double? Share(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        return text.EndsWith('%') && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100
            ? percent / 100
            : Wrong<double>(result, $"--stop-at-refusals takes a share above 0% and up to 100%, such as 5%; not '{text}'.");
    }

    private static T? Wrong<T>(ArgumentResult result, string words)
        where T : struct
    {
        result.AddError(words);
        return null;
    }
}
