using System.Globalization;

namespace ListServer.Lists;

/// <summary>What is wrong with a time on a zone's clock.</summary>
public enum ZonedTimeFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>This machine knows no such zone.</summary>
    UnknownZone,

    /// <summary>It is no time of the form 2027-10-01T09:00.</summary>
    NoTime,

    /// <summary>Clocks go forward past it: it never comes.</summary>
    Skipped,

    /// <summary>Clocks go back over it: it comes twice.</summary>
    Twice,
}

/// <summary>A time as people name it: on the clock of a zone.</summary>
public static class ZonedTime
{
    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    /// <summary>Reads it. When clocks change nobody but the person knows what was meant: such a time is never guessed.</summary>
    /// <param name="text">Such as 2027-10-01T09:00, without an offset.</param>
    /// <param name="zone">Such as Asia/Tokyo.</param>
    /// <param name="at">The moment; the default where there is a fault.</param>
    public static ZonedTimeFault Read(string text, string zone, out DateTimeOffset at)
    {
        at = default;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found))
        {
            return ZonedTimeFault.UnknownZone;
        }

        if (!DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
        {
            return ZonedTimeFault.NoTime;
        }

        if (found.IsInvalidTime(local))
        {
            return ZonedTimeFault.Skipped;
        }

        if (found.IsAmbiguousTime(local))
        {
            return ZonedTimeFault.Twice;
        }

        at = new DateTimeOffset(local, found.GetUtcOffset(local));
        return ZonedTimeFault.None;
    }
}
