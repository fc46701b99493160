using System.Buffers;

namespace ListServer.MailAuth.Dkim;

/// <summary>Writes a body's canonical form (RFC 6376 §3.4.3, §3.4.4) as its pieces come, in constant memory.</summary>
/// <remarks>A line ends with CRLF only: a CR or LF by itself is an octet like any other.</remarks>
internal sealed class BodyCanonicalizer(Canonicalization canonicalization, IBufferWriter<byte> output)
{
    private long _lineEnds;
    private bool _space;
    private bool _cr;
    private bool _written;

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty)
        {
            return;
        }

        var writer = new OctetWriter(output);
        if (_cr)
        {
            piece = ResolveCr(piece, ref writer);
        }

        if (canonicalization == Canonicalization.Simple)
        {
            AppendSimple(piece, ref writer);
        }
        else
        {
            AppendRelaxed(piece, ref writer);
        }

        writer.Flush();
    }

    public void Finish()
    {
        var writer = new OctetWriter(output);
        if (_cr)
        {
            Write("\r"u8, ref writer);
        }

        // §3.4.3: an empty body is one CRLF in simple form; §3.4.4: nothing in relaxed form. A last line without CRLF gets one, and is
        // a line all the same: "Ignore all whitespace at the end of lines" holds for it, so a space that waits is not written.
        if (_written || canonicalization == Canonicalization.Simple)
        {
            writer.Write("\r\n"u8);
        }

        writer.Flush();
    }

    /// <summary>The piece before ended in CR: now it is known whether a line ended there.</summary>
    private ReadOnlySpan<byte> ResolveCr(ReadOnlySpan<byte> piece, scoped ref OctetWriter writer)
    {
        _cr = false;
        if (piece[0] == '\n')
        {
            EndLine();
            return piece[1..];
        }

        Write("\r"u8, ref writer);
        return piece;
    }

    private void AppendSimple(ReadOnlySpan<byte> piece, ref OctetWriter writer)
    {
        if (piece is [.., (byte)'\r'])
        {
            _cr = true;
            piece = piece[..^1];
        }

        var ends = 0;
        while (piece is [.., (byte)'\r', (byte)'\n'])
        {
            ends++;
            piece = piece[..^2];
        }

        if (!piece.IsEmpty)
        {
            Write(piece, ref writer);
        }

        _lineEnds += ends;
    }

    private void AppendRelaxed(ReadOnlySpan<byte> piece, ref OctetWriter writer)
    {
        while (!piece.IsEmpty)
        {
            switch (piece[0])
            {
                case (byte)' ' or (byte)'\t':
                    _space = true;
                    var white = piece.IndexOfAnyExcept((byte)' ', (byte)'\t');
                    piece = white < 0 ? [] : piece[white..];
                    break;
                case (byte)'\r' when piece.Length == 1:
                    _cr = true;
                    return;
                case (byte)'\r' when piece[1] == '\n':
                    EndLine();
                    piece = piece[2..];
                    break;
                default:
                    var run = OrdinaryRun(piece);
                    Write(piece[..run], ref writer);
                    piece = piece[run..];
                    break;
            }
        }
    }

    /// <summary>How many octets from the start stay as they are, whole lines among them; line ends at the end may be the body's last.</summary>
    private static int OrdinaryRun(ReadOnlySpan<byte> piece)
    {
        var run = piece[..RelaxedText.Unchanged(piece, folds: false)];
        while (run is [_, .., (byte)'\r', (byte)'\n'])
        {
            run = run[..^2];
        }

        return run.Length;
    }

    private void EndLine()
    {
        _lineEnds++;
        _space = false;
    }

    private void Write(ReadOnlySpan<byte> octets, ref OctetWriter writer)
    {
        for (; _lineEnds > 0; _lineEnds--)
        {
            writer.Write("\r\n"u8);
        }

        if (_space)
        {
            writer.Write(" "u8);
            _space = false;
        }

        writer.Write(octets);
        _written = true;
    }
}
