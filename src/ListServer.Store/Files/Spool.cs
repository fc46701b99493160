using System.Globalization;

namespace ListServer.Store.Files;

/// <summary>
/// The octets of each post that was taken over and of each copy that waits. Small ones come with the commit that names them
/// (<see cref="Changes.OctetsKept"/>); any other is an immutable file, written in <c>tmp/</c>, synced, renamed into <c>new/xx/</c>, and the
/// folder that received it synced: only then is it there.
/// </summary>
/// <remarks>Safe for concurrent use. The store removes files once nothing refers to them; what no record refers to is removed at start.</remarks>
public sealed class Spool
{
    /// <summary>Octets up to this number are small: a commit may bring them.</summary>
    public const int SmallOctets = 16 << 10;

    private readonly string _folder;
    private readonly string _temporary;
    private readonly string _kept;
    private readonly IDisk _disk;
    private readonly SyncThreads _threads;
    private readonly OctetsBook _small;
    private readonly HashSet<string> _safeFolders = new(StringComparer.Ordinal);
    private long _nextTemporary;

    internal Spool(string folder, IDisk disk, SyncThreads threads, OctetsBook small)
    {
        _small = small;
        _threads = threads;
        _folder = folder;
        _temporary = Path.Combine(folder, "tmp");
        _kept = Path.Combine(folder, "new");
        _disk = disk;
        StoreFolders.MakeAll(disk, folder, "tmp", "new");
    }

    /// <summary>True while there is room for one and a half messages of the given size (SEC-3). False: answer 452.</summary>
    /// <param name="octets">The largest message that may come.</param>
    public bool HasRoomFor(long octets) => _disk.FreeOctets(_folder) >= octets + (octets / 2);

    /// <summary>Begins a file.</summary>
    public SpoolWriter Create() =>
        new(this, Path.Combine(_temporary, Interlocked.Increment(ref _nextTemporary).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Keeps octets under a name; see <see cref="SpoolWriter.CommitAsync"/>.</summary>
    /// <exception cref="IOException">The disk is full or broken: nothing is kept.</exception>
    public async Task StoreAsync(string id, ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        await using var writer = Create();
        await writer.WriteAsync(octets, cancellationToken);
        await writer.CommitAsync(id, cancellationToken);
    }

    /// <summary>The octets that stand under a name.</summary>
    /// <exception cref="FileNotFoundException">Nothing stands there.</exception>
    public SpoolContent Open(string id) =>
        _small.Find(id) is { } octets ? new SpoolContent(octets)
        : File.Exists(PathOf(id)) ? SpoolContent.Read(PathOf(id))
        : throw new FileNotFoundException($"The spool holds no {id}.");

    /// <summary>True when octets stand under the name.</summary>
    public bool Contains(string id) => _small.Contains(id) || File.Exists(PathOf(id));

    /// <summary>Removes a file that no record refers to yet: what was written for a commit that failed. Nothing there is no error.</summary>
    public void Remove(string id)
    {
        if (File.Exists(PathOf(id)))
        {
            File.Delete(PathOf(id));
        }
    }

    /// <summary>The names of all files, in no order.</summary>
    internal IEnumerable<string> Names() => Directory.EnumerateFiles(_kept, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path));

    /// <summary>Forgets what was being written when the process ended.</summary>
    internal void RemoveUnfinished()
    {
        foreach (var path in Directory.EnumerateFiles(_temporary))
        {
            File.Delete(path);
        }
    }

    internal Task RunAsync(Action work) => _threads.RunAsync(work);

    internal static FileStream Begin(string path) => new(path, StoreFolders.Options(FileMode.Create, FileAccess.Write));

    internal void Write(FileStream file, ReadOnlySpan<byte> octets, long offset) => _disk.Write(file.SafeFileHandle, octets, offset);

    internal void Keep(FileStream file, string path, string id)
    {
        var target = PathOf(id);
        var folder = Path.GetDirectoryName(target)!;
        _disk.Sync(file.SafeFileHandle);
        MakeSafe(folder);
        _disk.Move(path, target);
        try
        {
            _disk.SyncFolder(folder);
        }
        catch (IOException)
        {
            File.Delete(target);
            throw;
        }
    }

    /// <summary>Makes a folder, and returns only once its own entry is on disk, whoever made it.</summary>
    private void MakeSafe(string folder)
    {
        lock (_safeFolders)
        {
            if (!_safeFolders.Contains(folder))
            {
                StoreFolders.Make(folder);
                _disk.SyncFolder(_kept);
                _safeFolders.Add(folder);
            }
        }
    }

    /// <remarks>By the last two characters, which are random: a folder for every name stays small.</remarks>
    private string PathOf(string id) => OrderedId.IsValid(id)
        ? Path.Combine(_kept, id[^2..], id)
        : throw new ArgumentException($"\"{id}\" is not a name of the spool.", nameof(id));
}
