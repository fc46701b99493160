using System.Text;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;

namespace ListServer.Fuzz;

/// <summary>Messages of a megabyte made to be dear to verify (AUTH-98), each for one way to do it.</summary>
internal static class CostlyMessages
{
    private const int Megabyte = 1 << 20;
    private const int Signatures = 10;

    public static IReadOnlyDictionary<string, Func<byte[]>> All { get; } = new Dictionary<string, Func<byte[]>>
    {
        ["ten signatures with different l="] = () => Message(Ten(i => $"h=from; l={800_000 - (i * 70_000)}", "a  "), Repeat("a  ", Megabyte)),
        ["ten signatures with different l=, simple"] = () => Message(Ten(i => $"h=from; c=simple/simple; l={800_000 - (i * 70_000)}", "a  "), Repeat("a\r\n\r\n", Megabyte)),
        ["ten signatures over one large field"] = () => Message(Ten(_ => "h=from:x", "a\r\n") + "X: " + Repeat("a  ", 480 * 1024) + "\r\n", "a\r\n"),
        ["ten signatures over one field of folds"] = () => Message(Ten(_ => "h=from:x", "a\r\n") + "X: " + Repeat("\r\n \rb", 480 * 1024) + "\r\n", "a\r\n"),
        ["ten signatures over many fields"] = () => Message(Ten(_ => "h=from" + Repeat(":x", 1900), "a\r\n") + Repeat("x:\r\n", 480 * 1024), "a\r\n"),
        ["ten signatures among many names"] = () => Message(Ten(_ => "h=from:x", "a\r\n") + string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i:x}:\r\n")), "a\r\n"),
        ["ten signatures with huge keys"] = () => Message(Ten(_ => "h=from", "a\r\n", "h"), "a\r\n"),
        ["ten signatures with large exponents"] = () => Message(Ten(_ => "h=from", "a\r\n", "x"), "a\r\n"),
        ["ten signatures with long records"] = () => Message(Ten(_ => "h=from", "a\r\n", "l"), "a\r\n"),
        ["ten signatures with twins"] = () => Message(
            string.Concat(Enumerable.Range(0, Signatures).Select(twin => Ten(i => twin == 0 ? "h=from" : $"h=from; l={(twin * 90_000) + i}", "a  "))), Repeat("a  ", 900 * 1024)),
        ["fifty names with many keys each"] = () => Chain(Letter, i => $"k{i}", "none"),
        ["ten signatures over a name padded with blanks"] = () => Message(Ten(_ => "h=from" + Repeat(":x", 3800), "a\r\n") + "x" + new string(' ', 400 * 1024) + ":\r\n", "a\r\n"),
        ["ten signatures over names padded with blanks"] = () => Message(
            Ten(s => "h=from" + string.Concat(Enumerable.Range(0, 1900).Select(i => $":n{s}x{i}")), "a\r\n") + string.Concat(Enumerable.Range(0, 30).Select(i => $"n{i}{new string(' ', 13_000)}:\r\n")), "a\r\n"),
        ["ten signatures among names of 8-bit letters"] = () => Message(Ten(_ => "h=from:x", "a\r\n") + string.Concat(Enumerable.Range(0, 27_000).Select(EightBit)), "a\r\n"),
        ["fifty sets whose keys hold long lists"] = () => Chain(Letter, i => $"t{i}", "none"),
        ["seals with long domains in other letters"] = () => Message(string.Concat(Enumerable.Range(0, 150).Select(i => $"ARC-Seal: i={i}; d={Kanji}; s={Kanji}\r\n")), ""),
        ["signature fields without end"] = () => Message(Repeat("DKIM-Signature:\r\n", Megabyte), ""),
        ["signature fields below the cap"] = () => Message(Repeat("DKIM-Signature: v=1; a=b; d=c.example; s=d; b=e\r\n", 500 * 1024), ""),
        ["one long h="] = () => Message("DKIM-Signature: v=1; a=rsa-sha256; d=c.example; s=m; bh=AAAA; b=AAAA; h=from" + Repeat(":a", 500 * 1024) + "\r\n", ""),
        ["one long i="] = () => Message("DKIM-Signature: v=1; a=rsa-sha256; d=c.example; s=m; bh=AAAA; b=AAAA; h=from; i=" + Repeat("a.", 500 * 1024) + "a@c.example\r\n", ""),
        ["half a million fields without a name"] = () => Message(Repeat("{\n", Megabyte), ""),
        ["half a million fields of one colon"] = () => Message(Repeat(":\n", Megabyte), ""),
        ["seal fields without end"] = () => Message(Repeat("ARC-Seal:\r\n", Megabyte), ""),
        ["seal fields below the cap"] = () => Message(Repeat("ARC-Seal: i=1; a=rsa-sha256; cv=none; d=c; s=d; b=AAAA\r\n", 500 * 1024), ""),
        ["results of nothing but comments"] = () => Message("ARC-Authentication-Results: " + Repeat("(", 250 * 1024) + Repeat(")", 250 * 1024) + "i=1;\r\n", ""),
        ["fifty sets of large fields"] = () => Chain(Letter, new string('x', 100) + Repeat(" (a  b)\r\n", 9_000)),
        ["fifty sets over one large field"] = () => Chain("X: " + Repeat("a  ", 350 * 1024) + "\r\n" + Letter, "none", "From", "X"),
    };

    /// <summary>A field whose name is made of à and À: one name for who folds the case of all letters, and many for who folds ASCII.</summary>
    private static string EightBit(int number) => string.Concat(Enumerable.Range(0, 15).Select(bit => (number >> bit & 1) == 0 ? '\u00E0' : '\u00C0')) + ":\r\n";

    /// <summary>253 letters, no two the same, as the Latin-1 of their UTF-8.</summary>
    private static string Kanji => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0x4E00, 253).Select(c => (char)c))));

    private static string Letter => "From: a@c.example\r\n\r\na\r\n";

    private static byte[] Chain(string letter, string results, params string[] signed) => Chain(letter, _ => "r1", results, signed);

    private static byte[] Chain(string letter, Func<int, string> selector, string results, params string[] signed)
    {
        var octets = Encoding.Latin1.GetBytes(letter);
        var options = new ArcSealingOptions { Fields = SignedFields.Exactly(signed.Length == 0 ? ["From"] : signed) };
        for (var i = 0; i < 50; i++)
        {
            octets = Verification.Sealed(octets, i, "c.example; " + results.Trim(), options, selector(i));
        }

        return octets;
    }

    private static byte[] Message(string fields, string body) => Encoding.Latin1.GetBytes(fields + "From: a@c.example\r\n\r\n" + body);

    private static string Ten(Func<int, string> tags, string bodyPattern, string selector = "m")
    {
        var body = bodyPattern == "a\r\n" ? Encoding.Latin1.GetBytes(bodyPattern) : Encoding.Latin1.GetBytes(Repeat(bodyPattern, Megabyte));
        var hash = Convert.ToBase64String(BodyHash.Compute(body).Sha256.AsSpan());
        return string.Concat(Enumerable.Range(0, Signatures).Select(i => Signature(tags(i), hash, selector + i)));
    }

    private static string Signature(string tags, string hash, string selector) =>
        $"DKIM-Signature: v=1; a=rsa-sha256; d=c.example; s={selector}; bh={hash}; b={Value(selector)};\r\n\t{(tags.Contains("c=", StringComparison.Ordinal) ? "" : "c=relaxed/relaxed; ")}{tags}\r\n";

    /// <summary>As long as the keys at the selector: no other is computed with.</summary>
    private static string Value(string selector) =>
        Convert.ToBase64String(Encoding.Latin1.GetBytes(new string('a', selector[0] switch { 'h' => 1024, 'x' => 512, _ => 256 })));

    private static string Repeat(string part, int octets) => string.Concat(Enumerable.Repeat(part, octets / part.Length));
}
