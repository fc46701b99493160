namespace ListServer.Smtp;

/// <summary>
/// Takes the dots out that the client put at the beginning of lines, and finds the line with nothing but a dot (RFC 5321 §4.5.2). A line
/// begins at the start and behind CRLF, nowhere else, and the dot ends the message only when CRLF follows it: LF.CRLF, CRLF.LF, CR.CR
/// and their like are text (§4.1.1.4).
/// </summary>
internal sealed class DotStuffing
{
    private State _state = State.LineStart;

    private enum State
    {
        LineStart,
        Text,
        CarriageReturn,
        Dot,
        DotCarriageReturn,
        End,
    }

    /// <summary>True when the line with the dot has been read.</summary>
    public bool IsEnd => _state == State.End;

    /// <summary>
    /// Copies the message's octets from <paramref name="input"/> and stops behind its end. <paramref name="output"/> must have one octet
    /// more than the input: a CR behind a dot is held back until the next octet tells what it was.
    /// </summary>
    public (int Read, int Written) Unstuff(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var read = 0;
        var written = 0;
        while (read < input.Length && _state != State.End)
        {
            if (_state == State.Text)
            {
                var run = input[read..].IndexOf((byte)'\r');
                if (run < 0)
                    run = input.Length - read;
                input.Slice(read, run).CopyTo(output[written..]);
                read += run;
                written += run;
                if (read == input.Length)
                    break;
            }
            written += Step(input[read++], output[written..]);
        }
        return (read, written);
    }

    private int Step(byte octet, Span<byte> output)
    {
        switch (_state, octet)
        {
            case (State.LineStart, (byte)'.'):
                _state = State.Dot;
                return 0;
            case (State.Dot, (byte)'\r'):
                _state = State.DotCarriageReturn;
                return 0;
            case (State.DotCarriageReturn, (byte)'\n'):
                _state = State.End;
                return 0;
            case (State.DotCarriageReturn, _):
                output[0] = (byte)'\r';
                output[1] = octet;
                _state = octet == (byte)'\r' ? State.CarriageReturn : State.Text;
                return 2;
            case (State.CarriageReturn, (byte)'\n'):
                output[0] = octet;
                _state = State.LineStart;
                return 1;
            default:
                output[0] = octet;
                _state = octet == (byte)'\r' ? State.CarriageReturn : State.Text;
                return 1;
        }
    }
}
