using System.Collections.Immutable;

namespace ListServer.Lists.Bounces;

/// <summary>Reads notices in plain words by the formats of <c>Formats/</c>, the first that names somebody.</summary>
internal static class NoticeReader
{
    private const int MaxRecipients = 100;
    private const int MaxEmptyLines = 3;

    /// <summary>The recipients, in the notice's order; empty where no format fits.</summary>
    /// <param name="notice">The notice's own words.</param>
    /// <param name="formats">The formats to try, in their order.</param>
    /// <param name="domain">The domain of the program that wrote it, for names without one; may be empty.</param>
    /// <param name="isWarning">Whether the subject or the words say that it is only a warning.</param>
    public static ImmutableArray<ReturnedRecipient> Read(NoticeText notice, ImmutableArray<NoticeFormat> formats, string domain, bool isWarning)
    {
        foreach (var format in formats)
        {
            var found = Find(notice, format, domain).DistinctBy(f => f.Address, StringComparer.OrdinalIgnoreCase).Take(MaxRecipients).ToList();
            if (found.Count > 0)
            {
                var action = isWarning ? ReturnAction.Delayed : format.Action;
                return [.. found.Select((f, i) => Tell(f.Address, action, Words(notice, found, i)))];
            }
        }

        return [];
    }

    /// <summary>A recipient of whom the words tell.</summary>
    public static ReturnedRecipient Tell(string address, ReturnAction action, string words)
    {
        var diagnostic = NoticeText.Short(words);
        return new ReturnedRecipient(null, address, action, ReplyCodes.Find(diagnostic).Enhanced, diagnostic);
    }

    // A recipient's words reach to the next recipient.
    private static string Words(NoticeText notice, List<(string Address, int Line)> found, int index)
    {
        var (line, next) = (found[index].Line, index + 1 < found.Count ? found[index + 1].Line : notice.Lines.Length);
        return notice.Between(line, Math.Max(next, Math.Min(line + 1, notice.Lines.Length)));
    }

    private static IEnumerable<(string Address, int Line)> Find(NoticeText notice, NoticeFormat format, string domain)
    {
        var from = 0;
        while (notice.Find(format.Words, ref from) is { } place)
        {
            if (format.Place is not AddressPlace.Here)
            {
                return FromLines(notice, place.Line, place.Tail, format.Place, domain);
            }

            if (Behind(notice, place.Line, place.Tail) is { } address)
            {
                return [address, .. Again(notice, format, from)];
            }
        }

        return [];
    }

    private static IEnumerable<(string Address, int Line)> Again(NoticeText notice, NoticeFormat format, int from)
    {
        while (notice.Find(format.Words, ref from) is { } place)
        {
            if (Behind(notice, place.Line, place.Tail) is { } address)
            {
                yield return address;
            }
        }
    }

    private static (string Address, int Line)? Behind(NoticeText notice, int line, string rest)
    {
        if (AddressScan.First(rest) is { } here)
        {
            return (here, line);
        }

        var next = line + 1;
        while (next < notice.Lines.Length && next <= line + MaxEmptyLines && string.IsNullOrWhiteSpace(notice.Lines[next]))
        {
            next++;
        }

        return next < notice.Lines.Length && AddressScan.AtStart(notice.Lines[next]) is { } below ? (below, next) : null;
    }

    private static IEnumerable<(string Address, int Line)> FromLines(NoticeText notice, int first, string rest, AddressPlace place, string domain)
    {
        if (place is AddressPlace.Lines or AddressPlace.Within && AddressScan.AtStart(rest) is { } here)
        {
            yield return (here, first);
        }

        for (var i = place is AddressPlace.Angles or AddressPlace.Alone ? 0 : first + 1; i < notice.Lines.Length; i++)
        {
            var line = notice.Lines[i];
            if (place is not (AddressPlace.Angles or AddressPlace.Replies or AddressPlace.Alone) && IsRule(line))
            {
                yield break;
            }

            if (Read(line, place, domain) is { } address)
            {
                yield return (address, i);
            }
        }
    }

    private static string? Read(string line, AddressPlace place, string domain) => place switch
    {
        AddressPlace.Angles => AddressScan.InAngles(line),
        AddressPlace.Within => AddressScan.First(line),
        AddressPlace.Replies => IsReply(line) ? AddressScan.AtStart(line.AsSpan(4).TrimStart("0123456789. ")) : null,
        AddressPlace.Alone => AddressScan.AtStart(line) is { } address && address.Length == line.AsSpan().Trim(" \t<>\"'*").Length ? address : null,
        AddressPlace.LocalParts => line.Trim().Split([' ', '\t'])[0] is { Length: > 0 } name && domain.Length > 0 ? AddressScan.Whole($"{name}@{domain}") : null,
        _ => AddressScan.AtStart(line),
    };

    private static bool IsReply(string line) =>
        line is ['4' or '5', >= '0' and <= '9', >= '0' and <= '9', ' ', ..] && line.Contains("...", StringComparison.Ordinal);

    private static bool IsRule(string line) =>
        line.AsSpan().TrimStart(" |") is ['-', '-', '-', ..] or ['*', '*', '*', ..] or ['=', '=', '=', ..] or ['_', '_', '_', ..];
}
