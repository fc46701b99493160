using System.Buffers;
using System.Security.Cryptography;

namespace ListServer.MailAuth.Dkim;

/// <summary>
/// A SHA-256 that canonical octets are written to. Memory stays constant whatever is written; on the way it keeps the hashes of
/// the beginnings that l= names.
/// </summary>
/// <remarks>For one thread at a time. Each thread keeps one instance for its next use.</remarks>
internal sealed class OctetHash : IBufferWriter<byte>, IDisposable
{
    public const int Size = 32;

    [ThreadStatic]
    private static OctetHash? _spare;

    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[8192];
    private int _used;
    private ulong _flushed;
    private ulong[] _lengths = [];
    private int _reached;
    private bool _isBegun;

    private OctetHash()
    {
    }

    /// <summary>The hashes of the beginnings, once that much was written and <see cref="Finish"/> called.</summary>
    public byte[][] Beginnings { get; private set; } = [];

    /// <summary>How many octets were written.</summary>
    public ulong Total => _flushed + (ulong)_used;

    /// <param name="lengths">The beginnings whose hashes are wanted beside that of the whole, in ascending order.</param>
    public static OctetHash Rent(params ulong[] lengths)
    {
        var hash = _spare ?? new OctetHash();
        _spare = null;
        hash._used = 0;
        hash._flushed = 0;
        hash._lengths = lengths;
        hash._reached = 0;
        hash.Beginnings = lengths.Length == 0 ? [] : new byte[lengths.Length][];
        return hash;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_used == _buffer.Length || sizeHint > _buffer.Length - _used)
        {
            Flush();
        }

        return _buffer.AsSpan(_used);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        _ = GetSpan(sizeHint);
        return _buffer.AsMemory(_used);
    }

    public void Advance(int count) => _used += count;

    /// <summary>The hash of what was written with <paramref name="tail"/> behind it; what was written can be continued without the tail.</summary>
    public byte[] HashWith(ReadOnlySpan<byte> tail)
    {
        Flush();
        using var copy = _sha256.Clone();
        copy.AppendData(tail);
        return copy.GetHashAndReset();
    }

    /// <summary>The hash of what was written; the instance is then empty.</summary>
    public void Finish(Span<byte> destination)
    {
        Flush();
        _sha256.GetHashAndReset(destination);
        _isBegun = false;
    }

    /// <summary>Gives the instance back; a hash that was not finished (a stream broke) is thrown away.</summary>
    public void Dispose()
    {
        if (_isBegun)
        {
            Finish(stackalloc byte[Size]);
        }

        _spare = this;
    }

    private void Flush()
    {
        var from = 0;
        for (; _reached < _lengths.Length && _lengths[_reached] <= Total; _reached++)
        {
            var end = (int)(_lengths[_reached] - _flushed);
            _sha256.AppendData(_buffer, from, end - from);
            Beginnings[_reached] = _sha256.GetCurrentHash();
            from = end;
        }

        _sha256.AppendData(_buffer, from, _used - from);
        _isBegun = true;
        _flushed += (ulong)_used;
        _used = 0;
    }
}
