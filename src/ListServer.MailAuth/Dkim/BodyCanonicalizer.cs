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
        if (_cr && !piece.IsEmpty)
        {
            piece = ResolveCr(piece);
        }

        if (canonicalization == Canonicalization.Simple)
        {
            AppendSimple(piece);
        }
        else
        {
            AppendRelaxed(piece);
        }
    }

    public void Finish()
    {
        if (_cr)
        {
            Write("\r"u8);
        }

        // §3.4.3: an empty body is one CRLF in simple form; §3.4.4: nothing in relaxed form.
        if (_written || canonicalization == Canonicalization.Simple)
        {
            output.Write("\r\n"u8);
        }
    }

    /// <summary>The piece before ended in CR: now it is known whether a line ended there.</summary>
    private ReadOnlySpan<byte> ResolveCr(ReadOnlySpan<byte> piece)
    {
        _cr = false;
        if (piece[0] == '\n')
        {
            EndLine();
            return piece[1..];
        }

        Write("\r"u8);
        return piece;
    }

    private void AppendSimple(ReadOnlySpan<byte> piece)
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
            Write(piece);
        }

        _lineEnds += ends;
    }

    private void AppendRelaxed(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            switch (piece[0])
            {
                case (byte)' ' or (byte)'\t':
                    _space = true;
                    piece = piece[1..];
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
                    Write(piece[..run]);
                    piece = piece[run..];
                    break;
            }
        }
    }

    /// <summary>How many octets from the start stay as they are, whole lines among them; line ends at the end may be the body's last.</summary>
    private static int OrdinaryRun(ReadOnlySpan<byte> piece)
    {
        var run = piece[..RelaxedText.Unchanged(piece, " \r"u8)];
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

    private void Write(ReadOnlySpan<byte> octets)
    {
        for (; _lineEnds > 0; _lineEnds--)
        {
            output.Write("\r\n"u8);
        }

        if (_space)
        {
            output.Write(" "u8);
            _space = false;
        }

        output.Write(octets);
        _written = true;
    }
}
