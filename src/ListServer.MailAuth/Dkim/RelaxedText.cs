using System.Numerics;
using System.Runtime.Intrinsics;

namespace ListServer.MailAuth.Dkim;

/// <summary>Finds how much of a text relaxed form leaves as it is (RFC 6376 §3.4.2, §3.4.4), sixteen octets at a time.</summary>
internal static class RelaxedText
{
    private static readonly Vector128<byte> Spaces = Vector128.Create((byte)' ');
    private static readonly Vector128<byte> Tabs = Vector128.Create((byte)'\t');
    private static readonly Vector128<byte> Returns = Vector128.Create((byte)'\r');
    private static readonly Vector128<byte> Feeds = Vector128.Create((byte)'\n');

    /// <summary>
    /// The number of octets from the start before the first that may change: a tab, a space before another space, a tab or a CR, and a
    /// space or a CR at the very end; with <paramref name="folds"/> a CRLF too. At least 1: the first octet is no white space.
    /// </summary>
    public static int Unchanged(ReadOnlySpan<byte> text, bool folds)
    {
        var at = 1;
        for (; at + Vector128<byte>.Count < text.Length; at += Vector128<byte>.Count)
        {
            if (Changing(text[at..], folds) is var changing and not 0)
            {
                return at + BitOperations.TrailingZeroCount(changing);
            }
        }

        while (at < text.Length && !IsChanging(text[at], at + 1 < text.Length ? text[at + 1] : null, folds))
        {
            at++;
        }

        return Math.Min(at, text.Length);
    }

    /// <summary>A bit for each of the sixteen octets from the start that may change; there is a seventeenth.</summary>
    private static uint Changing(ReadOnlySpan<byte> text, bool folds)
    {
        var here = Vector128.Create(text);
        var next = Vector128.Create(text[1..]);
        var nextIsReturn = Vector128.Equals(next, Returns);
        var nextIsWhite = Vector128.Equals(next, Spaces) | Vector128.Equals(next, Tabs) | nextIsReturn;
        var changing = Vector128.Equals(here, Tabs) | (Vector128.Equals(here, Spaces) & nextIsWhite);
        if (folds)
        {
            changing |= Vector128.Equals(here, Returns) & Vector128.Equals(next, Feeds);
        }

        return changing.ExtractMostSignificantBits();
    }

    private static bool IsChanging(byte here, byte? next, bool folds) => here switch
    {
        (byte)'\t' => true,
        (byte)' ' => next is null or (byte)' ' or (byte)'\t' or (byte)'\r',
        (byte)'\r' => next is null || (folds && next == '\n'),
        _ => false,
    };
}
