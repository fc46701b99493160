using System.Collections.Immutable;
using System.Security.Cryptography;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>One step back from a copy to the post: octets to put in, or a run of what the copy still has.</summary>
/// <param name="From">In the header: the run's first field, counted from the bottom, where nobody on the way adds any. In the body: its first octet.</param>
/// <param name="Count">How many fields or octets.</param>
/// <param name="Put">The octets to put in; null for a run.</param>
public sealed record UndoStep(int From, int Count, byte[]? Put = null);

/// <summary>The way back from every copy of a post to the octets that came: what the list took out or replaced, and where. What it put in needs no record.</summary>
/// <param name="Digest">SHA-256 of the post as it came.</param>
/// <param name="Header">The steps to its header, top to bottom.</param>
/// <param name="Body">The steps to its body.</param>
public sealed record UndoSteps(byte[] Digest, ImmutableArray<UndoStep> Header, ImmutableArray<UndoStep> Body)
{
    /// <summary>The most octets that are put in: a body that was written anew as a whole has no short way back.</summary>
    public const int MaxPut = 64 * 1024;

    private const int Anchor = 64;
    private const int MaxAnchors = 16;

    /// <summary>The way back; null when it is longer than <see cref="MaxPut"/>, or the post has no empty line behind its header.</summary>
    /// <param name="original">The post as it came.</param>
    /// <param name="prepared">Its copy, before it was signed and sealed.</param>
    public static UndoSteps? Of(RawMessage original, PreparedPost prepared)
    {
        if (original.HeaderOctets + 2 + original.Body.Length != original.Octets.Length)
        {
            return null;
        }

        var steps = new UndoSteps(SHA256.HashData(original.Octets.Span), HeaderSteps(original.Fields, prepared.Fields), BodySteps(original.Body.Span, prepared.Body.Span));
        return steps.Header.Concat(steps.Body).Sum(step => (long)(step.Put?.Length ?? 0)) <= MaxPut ? steps : null;
    }

    /// <summary>The post as it came; null when this copy is not as it left, or not one of that post's.</summary>
    /// <param name="copy">A copy as it arrived somewhere: fields above it and behind its seal do not matter.</param>
    public byte[]? Undo(RawMessage copy)
    {
        using var octets = new MemoryStream();
        foreach (var step in Header)
        {
            var first = copy.Fields.Length - step.From;
            if (step.Put is { } put)
            {
                octets.Write(put);
            }
            else if (first < 0 || step.Count > step.From)
            {
                return null;
            }
            else
            {
                foreach (var field in copy.Fields.AsSpan().Slice(first, step.Count))
                {
                    octets.Write(field.Octets.Span);
                }
            }
        }

        octets.Write("\r\n"u8);
        foreach (var step in Body)
        {
            if (step.Put is null && step.From + step.Count > copy.Body.Length)
            {
                return null;
            }

            octets.Write(step.Put ?? copy.Body.Span.Slice(step.From, step.Count));
        }

        var original = octets.ToArray();
        return SHA256.HashData(original).AsSpan().SequenceEqual(Digest) ? original : null;
    }

    private static ImmutableArray<UndoStep> HeaderSteps(ImmutableArray<HeaderField> original, ImmutableArray<HeaderField> copy)
    {
        var steps = new List<UndoStep>();
        var at = 0;
        foreach (var field in original)
        {
            var found = at;
            while (found < copy.Length && !copy[found].Octets.Span.SequenceEqual(field.Octets.Span))
            {
                found++;
            }

            if (found == copy.Length)
            {
                steps.Add(new UndoStep(0, 0, field.Octets.ToArray()));
                continue;
            }

            if (found == at && steps is [.., { Put: null } run])
            {
                steps[^1] = run with { Count = run.Count + 1 };
            }
            else
            {
                steps.Add(new UndoStep(copy.Length - found, 1));
            }

            at = found + 1;
        }

        return [.. steps];
    }

    private static ImmutableArray<UndoStep> BodySteps(ReadOnlySpan<byte> original, ReadOnlySpan<byte> copy)
    {
        // Wrapped, or the first part of a new multipart: it stands whole somewhere within.
        if (Find(original, copy) is >= 0 and var within)
        {
            return [new UndoStep(within, original.Length)];
        }

        var head = original.CommonPrefixLength(copy);
        var tail = 0;
        var most = Math.Min(original.Length, copy.Length) - head;
        while (tail < most && original[^(tail + 1)] == copy[^(tail + 1)])
        {
            tail++;
        }

        var middle = original[head..^tail];
        return
        [
            new UndoStep(0, head),
            new UndoStep(0, 0, middle.Length <= MaxPut ? middle.ToArray() : new byte[MaxPut + 1]),
            new UndoStep(copy.Length - tail, tail),
        ];
    }

    // A few places only where the first octets stand: a hostile body must not make this quadratic.
    private static int Find(ReadOnlySpan<byte> original, ReadOnlySpan<byte> copy)
    {
        var anchor = original[..Math.Min(original.Length, Anchor)];
        var from = 0;
        for (var i = 0; i < MaxAnchors && copy[from..].IndexOf(anchor) is >= 0 and var at; i++)
        {
            if (copy[(from + at)..].StartsWith(original))
            {
                return from + at;
            }

            from += at + 1;
        }

        return -1;
    }
}
