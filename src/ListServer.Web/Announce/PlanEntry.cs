using System.Globalization;
using ListServer.Lists;
using ListServer.Lists.Announcements;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Announce;

/// <summary>When and how fast, as the form has it.</summary>
/// <param name="When">now or at.</param>
/// <param name="At">A time on a zone's clock.</param>
/// <param name="Zone">The zone.</param>
/// <param name="Waves">all or first.</param>
/// <param name="First">How many get it first.</param>
/// <param name="Then">Minutes until the others follow; empty for when somebody says so.</param>
/// <param name="Rate">Recipients a minute; empty for as fast as they take it.</param>
public sealed record PlanEntry(string When, string At, string Zone, string Waves, string First, string Then, string Rate)
{
    private const int MostFirst = 1_000_000;

    /// <summary>Minutes that can be chosen between the first and the others.</summary>
    internal static readonly int[] Waits = [30, 60, 120, 1440];

    /// <summary>The zones that this machine knows by the name of a place, and UTC.</summary>
    internal static readonly string[] Zones =
    [
        .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id).Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal))
            .Append("UTC").Distinct().Order(StringComparer.Ordinal),
    ];

    internal static PlanEntry New(string language) => new("now", "", language == "ja" ? "Asia/Tokyo" : "UTC", "all", "50", "", "");

    internal static PlanEntry Of(IFormCollection form) => new(
        form["when"].ToString(), form["at"].ToString(), form["zone"].ToString(), form["waves"].ToString(), form["first"].ToString(), form["then"].ToString(), form["rate"].ToString().Trim());

    /// <summary>Reads it.</summary>
    /// <returns>The field that is wrong, and why; or null.</returns>
    internal (string Field, string Problem)? Read(Words words, out SendingPlan plan)
    {
        plan = new SendingPlan();
        if (When == "at")
        {
            if (ReadTime(At, Zone, words, out var at) is { } wrong)
            {
                return ("at", wrong);
            }

            plan = plan with { NotBefore = at };
        }

        if (Waves == "first")
        {
            if (!int.TryParse(First, NumberStyles.None, CultureInfo.InvariantCulture, out var first) || first is < 1 or > MostFirst)
            {
                return ("first", words.Say("Give a number of people, such as 50."));
            }

            plan = plan with { First = first, ThenAfter = int.TryParse(Then, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && Waits.Contains(minutes) ? TimeSpan.FromMinutes(minutes) : null };
        }

        if (Rate.Length > 0)
        {
            if (!int.TryParse(Rate, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) || rate < 1)
            {
                return ("rate", words.Say("Give a number of people a minute, or nothing."));
            }

            plan = plan with { Rate = new SendingRate(rate, TimeSpan.FromMinutes(1)) };
        }

        return null;
    }

    /// <summary>Reads a time on a zone's clock; what is wrong with it in words, or null.</summary>
    internal static string? ReadTime(string at, string zone, Words words, out DateTimeOffset time) => ZonedTime.Read(at, zone, out time) switch
    {
        ZonedTimeFault.None => null,
        ZonedTimeFault.UnknownZone => words.Say("Choose a time zone."),
        ZonedTimeFault.NoTime => words.Say("Give a day and a time."),
        ZonedTimeFault.Skipped => words.Say("Clocks go forward then: this time does not come. Choose another one."),
        _ => words.Say("Clocks go back then: this time comes twice. Choose another one."),
    };
}
