namespace ListServer.MailAuth.Reports;

/// <summary>
/// What comes out of a container, up to a limit. Past it, reading ends in <see cref="InvalidDataException"/> with the reason: that is what
/// the inflating streams below throw for broken data, too.
/// </summary>
internal sealed class BoundedStream(Stream inner, long compressed, ReportLimits limits, byte? delimiter) : Stream
{
    /// <summary>No honest document is so small and so well compressed that a smaller one would tell.</summary>
    private const int RatioCountsFrom = 1024 * 1024;

    /// <summary>XmlReader keeps a tag whole, so that one attribute could fill the memory twice over. No '&lt;' may stand within one.</summary>
    private const int MaxRun = 64 * 1024;

    private long _length;
    private long _run;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _length += read;
        if (_length > limits.MaxInflatedOctets)
        {
            throw new InvalidDataException($"The report has more than {limits.MaxInflatedOctets} octets.");
        }

        if (_length > RatioCountsFrom && _length > compressed * limits.MaxRatio)
        {
            throw new InvalidDataException($"The report grows to more than {limits.MaxRatio} times its compressed size.");
        }

        Count(buffer[..read]);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(ReadOnlySpan<byte> octets)
    {
        if (delimiter is not { } mark)
        {
            return;
        }

        while (octets.IndexOf(mark) is >= 0 and var at)
        {
            CheckRun(at);
            _run = 0;
            octets = octets[(at + 1)..];
        }

        CheckRun(octets.Length);
    }

    private void CheckRun(int length)
    {
        _run += length;
        if (_run > MaxRun)
        {
            throw new InvalidDataException($"The report has a tag or text of more than {MaxRun} octets.");
        }
    }
}
