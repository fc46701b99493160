using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>Shows how two messages differ, line by line in the unified form: the header first, then the body.</summary>
public static class OctetDiff
{
    private const int Context = 2;
    private const int MaxCells = 1_000_000;
    private const int MaxShownLines = 200;
    private const int MaxShownOctets = 200;

    /// <summary>The difference; empty when there is none. Long lines are cut, and so are long runs of lines, with a line that says so.</summary>
    /// <param name="before">The one message.</param>
    /// <param name="after">The other.</param>
    public static string Unified(RawMessage before, RawMessage after)
    {
        var (beforeHeader, afterHeader) = (Lines(before.Octets[..before.HeaderOctets]), Lines(after.Octets[..after.HeaderOctets]));
        var text = new StringBuilder();
        Write(text, Edits(beforeHeader, afterHeader, 0, 0));
        Write(text, Edits(Lines(before.Body), Lines(after.Body), beforeHeader.Length + 1, afterHeader.Length + 1));
        return text.ToString();
    }

    private static ImmutableArray<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> octets)
    {
        var lines = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>();
        while (!octets.IsEmpty)
        {
            var end = octets.Span.IndexOf((byte)'\n') is >= 0 and var lf ? lf + 1 : octets.Length;
            lines.Add(octets[..end]);
            octets = octets[end..];
        }

        return lines.ToImmutable();
    }

    /// <summary>All changed lines, with what stands just around them.</summary>
    private static List<Edit> Edits(ImmutableArray<ReadOnlyMemory<byte>> before, ImmutableArray<ReadOnlyMemory<byte>> after, int beforeOffset, int afterOffset)
    {
        var shorter = Math.Min(before.Length, after.Length);
        var head = 0;
        while (head < shorter && Same(before[head], after[head]))
        {
            head++;
        }

        var tail = 0;
        while (tail < shorter - head && Same(before[^(tail + 1)], after[^(tail + 1)]))
        {
            tail++;
        }

        if (head == before.Length && head == after.Length)
        {
            return [];
        }

        var edits = new List<Edit>();
        for (var i = Math.Max(0, head - Context); i < head; i++)
        {
            edits.Add(new Edit(' ', before[i], beforeOffset + i, afterOffset + i));
        }

        AddChanges(edits, before.AsSpan()[head..^tail], after.AsSpan()[head..^tail], beforeOffset + head, afterOffset + head);
        for (var i = 0; i < Math.Min(tail, Context); i++)
        {
            edits.Add(new Edit(' ', before[before.Length - tail + i], beforeOffset + before.Length - tail + i, afterOffset + after.Length - tail + i));
        }

        return edits;
    }

    private static void AddChanges(
        List<Edit> edits, ReadOnlySpan<ReadOnlyMemory<byte>> before, ReadOnlySpan<ReadOnlyMemory<byte>> after, int beforeAt, int afterAt)
    {
        // What is long on both sides was encoded anew as a whole: then all of it is another text.
        var common = (long)(before.Length + 1) * (after.Length + 1) <= MaxCells ? CommonLengths(before, after) : null;
        var (i, j) = (0, 0);
        while (i < before.Length || j < after.Length)
        {
            if (common is not null && i < before.Length && j < after.Length && Same(before[i], after[j]))
            {
                edits.Add(new Edit(' ', before[i], beforeAt + i++, afterAt + j++));
            }
            else if (j == after.Length || (i < before.Length && (common is null || common[i + 1, j] >= common[i, j + 1])))
            {
                edits.Add(new Edit('-', before[i], beforeAt + i++, afterAt + j));
            }
            else
            {
                edits.Add(new Edit('+', after[j], beforeAt + i, afterAt + j++));
            }
        }
    }

    /// <summary>How many lines both have in common, in order, from each pair of lines on.</summary>
    private static int[,] CommonLengths(ReadOnlySpan<ReadOnlyMemory<byte>> before, ReadOnlySpan<ReadOnlyMemory<byte>> after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (var i = before.Length - 1; i >= 0; i--)
        {
            for (var j = after.Length - 1; j >= 0; j--)
            {
                common[i, j] = Same(before[i], after[j]) ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return common;
    }

    private static void Write(StringBuilder text, List<Edit> edits)
    {
        var shown = 0;
        for (var i = 0; i < edits.Count;)
        {
            var end = HunkEnd(edits, ref i);
            if (i == end)
            {
                return;
            }

            var hunk = edits[i..end];
            text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(hunk, '+', edit => edit.Before)} +{Range(hunk, '-', edit => edit.After)} @@\n");
            foreach (var edit in hunk.Take(MaxShownLines - shown))
            {
                text.Append(edit.Sign).Append(Shown(edit.Line.Span)).Append('\n');
            }

            shown += hunk.Count;
            if (shown > MaxShownLines)
            {
                text.Append(CultureInfo.InvariantCulture, $"… {edits.Count - i - (hunk.Count - (shown - MaxShownLines))} further lines\n");
                return;
            }

            i = end;
        }
    }

    /// <summary>Moves to the first line of the next hunk; answers the place behind its last.</summary>
    private static int HunkEnd(List<Edit> edits, ref int start)
    {
        var change = edits.FindIndex(start, edit => edit.Sign != ' ');
        if (change < 0)
        {
            return start;
        }

        start = Math.Max(start, change - Context);
        var last = change;
        for (var i = change; i < edits.Count && i - last <= 2 * Context; i++)
        {
            last = edits[i].Sign != ' ' ? i : last;
        }

        return Math.Min(edits.Count, last + Context + 1);
    }

    // The first line's number, counted from 1, and how many there are: 0 counts the line before.
    private static string Range(List<Edit> hunk, char otherSide, Func<Edit, int> number)
    {
        var count = hunk.Count(edit => edit.Sign != otherSide);
        return string.Create(CultureInfo.InvariantCulture, $"{number(hunk[0]) + (count > 0 ? 1 : 0)},{count}");
    }

    private static bool Same(ReadOnlyMemory<byte> a, ReadOnlyMemory<byte> b) => a.Span.SequenceEqual(b.Span);

    private static string Shown(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd("\r\n"u8);
        return line.Length > MaxShownOctets ? Encoding.UTF8.GetString(line[..MaxShownOctets]) + "…" : Encoding.UTF8.GetString(line);
    }

    private readonly record struct Edit(char Sign, ReadOnlyMemory<byte> Line, int Before, int After);
}
