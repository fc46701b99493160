using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace ListServer.Store.Files;

/// <summary>The octets that stand under a name in the spool. Large files are mapped, so that their octets burden the page cache and not our memory.</summary>
/// <remarks>Safe for concurrent reading. <see cref="Octets"/> must not be touched once this is disposed.</remarks>
public sealed class SpoolContent : IDisposable
{
    private const int SmallOctets = 128 << 10;

    private readonly MappedMemory? _mapped;

    internal SpoolContent(ReadOnlyMemory<byte> octets) => Octets = octets;

    private SpoolContent(MappedMemory mapped)
    {
        _mapped = mapped;
        Octets = mapped.Memory;
    }

    /// <summary>All of them.</summary>
    public ReadOnlyMemory<byte> Octets { get; }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable?)_mapped)?.Dispose();

    internal static SpoolContent Read(string path)
    {
        var length = new FileInfo(path).Length;
        return length <= SmallOctets ? new SpoolContent(File.ReadAllBytes(path)) : new SpoolContent(new MappedMemory(path, checked((int)length)));
    }

    private sealed unsafe class MappedMemory : MemoryManager<byte>
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _view;
        private readonly int _length;
        private byte* _start;

        public MappedMemory(string path, int length)
        {
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
            _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _start += _view.PointerOffset;
            _length = length;
        }

        public override Span<byte> GetSpan()
        {
            ObjectDisposedException.ThrowIf(_start is null, this);
            return new Span<byte>(_start, _length);
        }

        public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
            if (_start is not null)
            {
                _start = null;
                _view.SafeMemoryMappedViewHandle.ReleasePointer();
                _view.Dispose();
                _file.Dispose();
            }
        }
    }
}
