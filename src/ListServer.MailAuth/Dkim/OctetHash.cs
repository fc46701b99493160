using System.Buffers;
using System.Security.Cryptography;

namespace ListServer.MailAuth.Dkim;

/// <summary>
/// A SHA-256 that canonical octets are written to. Memory stays constant whatever is written; a limit cuts what is hashed
/// (l=), never what is counted.
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
    private ulong _limit;
    private bool _isBegun;

    private OctetHash()
    {
    }

    /// <summary>How many octets were written, hashed or not.</summary>
    public ulong Total => _flushed + (ulong)_used;

    public static OctetHash Rent(ulong limit = ulong.MaxValue)
    {
        var hash = _spare ?? new OctetHash();
        _spare = null;
        hash._used = 0;
        hash._flushed = 0;
        hash._limit = limit;
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

    /// <summary>The hash of what was written, up to the limit; the instance is then empty.</summary>
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
        var take = (int)Math.Min((ulong)_used, _limit - Math.Min(_limit, _flushed));
        _sha256.AppendData(_buffer, 0, take);
        _isBegun = true;
        _flushed += (ulong)_used;
        _used = 0;
    }
}
