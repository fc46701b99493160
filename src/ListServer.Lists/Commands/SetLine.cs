using System.Globalization;
using ListServer.Lists.Membership;

namespace ListServer.Lists.Commands;

/// <summary>Reads what stands behind "set": as Mailman, Sympa and fml write it, and in plain words.</summary>
internal static class SetLine
{
    private static readonly string[] On = ["on", "yes", "true", "enable"];
    private static readonly string[] Off = ["off", "no", "false", "disable"];

    /// <summary>What is wanted, or null when it can't be understood.</summary>
    /// <param name="words">In lower case.</param>
    public static Preferences? Read(string[] words) => words switch
    {
        ["delivery", .. var rest] when rest.Length > 0 => Read(rest),
        ["mail" or "regular" or "each"] => new(DeliveryChoice.Regular),
        ["mail" or "digest", var word] when word == "regular" => new(DeliveryChoice.Regular),
        ["mail", var word] when On.Contains(word) => new(DeliveryChoice.Regular),
        ["digest", var word] when Off.Contains(word) => new(DeliveryChoice.Regular),
        ["digest"] or ["digest", "mime"] or ["mime"] or ["mime-digest"] => new(DeliveryChoice.MimeDigest),
        ["digest", "plain" or "text"] or ["digestplain" or "plain" or "plain-digest"] => new(DeliveryChoice.PlainDigest),
        ["digest", var word] when On.Contains(word) => new(DeliveryChoice.MimeDigest),
        ["summary"] or ["daily-summary"] => new(DeliveryChoice.DailySummary),
        ["nomail" or "no-mail"] => new(DeliveryChoice.NoMail),
        ["mail", var word] when Off.Contains(word) => new(DeliveryChoice.NoMail),
        ["nomail" or "no-mail" or "pause" or "paused" or "vacation", "until", var day] => Pause(day),
        ["nomail" or "no-mail" or "pause" or "paused" or "vacation", var day] => Pause(day),
        ["own-copies" or "owncopies" or "own" or "myposts", var word] => Switch(word) is { } isOn ? new(OwnCopies: isOn) : null,
        ["not_me" or "notme"] => new(OwnCopies: false),
        ["duplicates", var word] => Switch(word) is { } isOn ? new(AvoidsDuplicates: !isOn) : null,
        _ => null,
    };

    private static Preferences? Pause(string day) =>
        DateTimeOffset.TryParseExact(day, ["yyyy-MM-dd", "yyyy/MM/dd", "yyyy/M/d"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            ? new(DeliveryChoice.Paused, until)
            : null;

    private static bool? Switch(string word) => On.Contains(word) ? true : Off.Contains(word) ? false : null;
}
