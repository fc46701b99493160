using System.Text;

namespace ListServer.MailAuth.AuthenticationResults;

/// <summary>Walks over the tokens of an Authentication-Results value (RFC 8601 §2.2, RFC 5322 §3.2, RFC 2045 §5.1).</summary>
internal ref struct ResultsScanner(ReadOnlySpan<byte> text)
{
    private const int MaximumNesting = 64;
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>Where the next token begins.</summary>
    public int Position { get; private set; }

    public readonly bool AtEnd => Position >= _text.Length;

    public readonly byte Current => AtEnd ? (byte)0 : _text[Position];

    /// <summary>Passes white space and comments; false for a comment without an end, or nested too deep.</summary>
    public bool SkipCfws()
    {
        while (!AtEnd)
        {
            if (IsWhite(Current))
            {
                Position++;
            }
            else if (Current != '(')
            {
                return true;
            }
            else if (!SkipComment())
            {
                return false;
            }
        }

        return true;
    }

    public bool TryTake(byte octet)
    {
        if (AtEnd || Current != octet)
        {
            return false;
        }

        Position++;
        return true;
    }

    public ReadOnlySpan<byte> TakeDigits() => TakeWhile(static c => c is >= (byte)'0' and <= (byte)'9');

    /// <summary>A method, result or property name: letters, digits, "-", "_" and "." (found in real method names).</summary>
    public string TakeKeyword(bool withDots) => Encoding.ASCII.GetString(withDots
        ? TakeWhile(static c => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'_' or (byte)'.')
        : TakeWhile(static c => char.IsAsciiLetterOrDigit((char)c) || c is (byte)'-' or (byte)'_'));

    /// <summary>A token of RFC 2045 §5.1; empty when there is none.</summary>
    public string TakeToken() => Encoding.UTF8.GetString(TakeWhile(static c => c > ' ' && c != 0x7F && !"()<>@,;:\\\"/[]?="u8.Contains(c)));

    /// <summary>Whatever stands there up to white space, a comment, a quote or a semicolon: a property's value is often no proper token.</summary>
    public string TakeLoose() => Encoding.UTF8.GetString(TakeWhile(static c => c > ' ' && c != 0x7F && c is not ((byte)';' or (byte)'(' or (byte)'"')));

    /// <summary>A quoted string without its quotes; null when it has no end or holds a control character.</summary>
    public string? TakeQuoted()
    {
        var content = new List<byte>();
        for (Position++; !AtEnd; Position++)
        {
            var c = Current;
            if (c == '"')
            {
                Position++;
                return Encoding.UTF8.GetString([.. content]);
            }

            if (c == '\\' && Position + 1 < _text.Length)
            {
                c = _text[++Position];
            }

            if (c is (byte)'\r' or (byte)'\n')
            {
                continue; // a fold within the string
            }

            if (c is < (byte)' ' and not (byte)'\t' or 0x7F)
            {
                return null;
            }

            content.Add(c);
        }

        return null;
    }

    private static bool IsWhite(byte octet) => octet is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private bool SkipComment()
    {
        var depth = 0;
        for (; !AtEnd; Position++)
        {
            switch (Current)
            {
                case (byte)'\\':
                    Position++;
                    break;
                case (byte)'(':
                    if (++depth > MaximumNesting)
                    {
                        return false;
                    }

                    break;
                case (byte)')':
                    if (--depth == 0)
                    {
                        Position++;
                        return true;
                    }

                    break;
                default:
                    break;
            }
        }

        return false;
    }

    private ReadOnlySpan<byte> TakeWhile(Func<byte, bool> accepts)
    {
        var start = Position;
        while (!AtEnd && accepts(Current))
        {
            Position++;
        }

        return _text[start..Position];
    }
}
