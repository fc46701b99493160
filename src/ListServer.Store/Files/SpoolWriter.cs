using System.Buffers;

namespace ListServer.Store.Files;

/// <summary>Takes octets as they come. They are kept by <see cref="CommitAsync"/>, or small ones by a commit; otherwise disposing forgets them.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class SpoolWriter : IAsyncDisposable
{
    private const int BufferOctets = 64 << 10;

    private readonly Spool _spool;
    private readonly string _path;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferOctets);
    private FileStream? _file;
    private int _buffered;
    private bool _isDisposed;

    internal SpoolWriter(Spool spool, string path)
    {
        _spool = spool;
        _path = path;
    }

    /// <summary>Octets taken so far.</summary>
    public long Length { get; private set; }

    /// <summary>True while the octets are few enough to go into a commit: then no file was begun.</summary>
    public bool IsSmall => Length <= Spool.SmallOctets;

    /// <summary>The octets, where they are small. For <see cref="Changes.OctetsKept"/>, in place of <see cref="CommitAsync"/>.</summary>
    public SpoolContent ReadSmall() => IsSmall
        ? new SpoolContent(_buffer.AsSpan(0, _buffered).ToArray())
        : throw new InvalidOperationException($"{Length} octets are not small.");

    /// <summary>Takes more octets.</summary>
    /// <exception cref="IOException">The disk is full or broken: what was taken is of no use.</exception>
    public async ValueTask WriteAsync(ReadOnlySequence<byte> octets, CancellationToken cancellationToken)
    {
        foreach (var part in octets)
        {
            await WriteAsync(part, cancellationToken);
        }
    }

    /// <summary>Takes more octets.</summary>
    /// <exception cref="IOException">The disk is full or broken: what was taken is of no use.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (!octets.IsEmpty)
        {
            var part = octets[..Math.Min(octets.Length, _buffer.Length - _buffered)];
            part.CopyTo(_buffer.AsMemory(_buffered));
            _buffered += part.Length;
            Length += part.Length;
            octets = octets[part.Length..];
            if (_buffered == _buffer.Length)
            {
                await _spool.RunAsync(Flush);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Keeps the octets under a name. Once it returns they are safe on disk, directory entry included (SEC-2).</summary>
    /// <param name="id">A name from <see cref="OrderedId"/>.</param>
    /// <param name="cancellationToken">Heeded before the work begins only.</param>
    /// <exception cref="IOException">The disk is full or broken: nothing is kept.</exception>
    public Task CommitAsync(string id, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        return _spool.RunAsync(() =>
        {
            Flush();
            _spool.Keep(_file!, _path, id);
            Close();
        });
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            ArrayPool<byte>.Shared.Return(_buffer);
            if (_file is not null)
            {
                await _spool.RunAsync(Forget);
            }
        }
    }

    private void Flush()
    {
        _file ??= Spool.Begin(_path);
        _spool.Write(_file, _buffer.AsSpan(0, _buffered), Length - _buffered);
        _buffered = 0;
    }

    private void Close()
    {
        _file!.Dispose();
        _file = null;
    }

    private void Forget()
    {
        Close();
        File.Delete(_path);
    }
}
