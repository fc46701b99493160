using System.Security.Cryptography;
using ListServer.Store.Archive;
using ListServer.Store.Changes;
using ListServer.Store.Files;
using ListServer.Store.Journal;
using ListServer.Store.Keys;
using ListServer.Store.Queue;
using ListServer.Store.Tables;
using Microsoft.Extensions.Logging;

namespace ListServer.Store;

/// <summary>
/// All that outlives a restart. Every change goes through <see cref="CommitAsync(IReadOnlyList{Change}, CancellationToken)"/>: once it
/// returns, the change survives whatever happens to the process or the machine, and every read shows it.
/// </summary>
/// <remarks>Safe for concurrent use. Reads are synchronous and complete when they return.</remarks>
public sealed partial class ListStore : IAsyncDisposable
{
    private const int SecretOctets = 32;
    private const int SegmentsPerCheckpoint = 4;
    private const string JournalName = "journal";
    private const string SpoolName = "spool";
    private const string KeysName = "keys";
    private const string ArchiveName = "archive";

    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private readonly Damage _damage;
    private readonly SyncThreads _syncThreads;
    private readonly TableFiles _files;
    private readonly LiteTable _lite;
    private readonly MergedTable _table;
    private readonly Projections _projections;
    private readonly JournalFile _journal;
    private readonly ApplyThread _apply;
    private readonly CommitThread _commits;
    private readonly Announcer _announcer;
    private readonly CancellationTokenSource _failed = new();
    private readonly ILogger _logger;
    private bool _isDisposed;

    private ListStore(StoreOptions options, IDisk disk, TimeProvider time, ILogger logger, FileStream lockFile)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _lock = lockFile;
        _damage = new Damage(options.PathOf("damaged"), time, logger);
        _files = new TableFiles(options, disk, _damage, logger);
        _lite = _files.Open();
        _table = new MergedTable(_lite);
        _journal = OpenJournal(disk);
        _projections = new Projections(_table, time, _damage);
        _projections.Load();
        _syncThreads = new SyncThreads();
        Spool = new Spool(options.PathOf(SpoolName), disk, _syncThreads, _projections.Octets);
        RecoverSpool();
        Keys = KeyStore.Open(options.PathOf(KeysName), disk, options.KeySecret);
        Secret = LoadSecret(disk);
        Archives = new Archives(options.PathOf(ArchiveName), disk, logger);
        _announcer = new Announcer(Spool, changes => Committed?.Invoke(changes), logger);
        _apply = new ApplyThread(options, _table, _lite, _journal, _files, new Pruning(_lite, time, options.MessageIdMemory), disk, Fail, logger);
        _commits = new CommitThread(_journal, _table, _apply, Accept, Fail, logger);
    }

    /// <summary>Raised after changes are durable and seen, in their order, on a thread of its own. Listeners should be quick.</summary>
    public event Action<IReadOnlyList<Change>>? Committed;

    /// <summary>The data folder.</summary>
    public string Folder => _options.Folder;

    /// <summary>The octets of posts and copies.</summary>
    public Spool Spool { get; }

    /// <summary>What lists keep of their posts.</summary>
    public Archives Archives { get; }

    /// <summary>What waits for delivery.</summary>
    public DeliveryQueue Queue => _projections.Queue;

    /// <summary>The keys we sign with.</summary>
    public KeyStore Keys { get; }

    /// <summary>32 random octets, made at the first start: the key of our tokens. Never shown, never sent.</summary>
    public ReadOnlyMemory<byte> Secret { get; }

    /// <summary>Cancelled when the store can't go on; every commit fails from then on. The process should end: the next start mends what can be mended.</summary>
    public CancellationToken Failed => _failed.Token;

    /// <summary>Opens the store, or makes it in an empty folder, and brings it to the state of the last commit.</summary>
    /// <exception cref="StoreInUseException">Another process has it open.</exception>
    /// <exception cref="StoreDamagedException">Its files are damaged, and nothing is left to rebuild them from.</exception>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read or written.</exception>
    public static ListStore Open(StoreOptions options, TimeProvider time, ILogger logger) => Open(options, new LocalDisk(), time, logger);

    internal static ListStore Open(StoreOptions options, IDisk disk, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        StoreFolders.Make(options.Folder);
        var lockFile = Lock(options.Folder);
        try
        {
            StoreFolders.MakeAll(disk, options.Folder, JournalName, SpoolName, KeysName, ArchiveName);
            return new ListStore(options, disk, time, logger, lockFile);
        }
        catch
        {
            lockFile.Dispose();
            throw;
        }
    }

    /// <summary>Makes changes: all of them or, on any failure and after any crash, none.</summary>
    /// <param name="changes">In order; up to 64 MiB in JSON.</param>
    /// <param name="cancellationToken">Heeded before the changes are handed in only.</param>
    /// <exception cref="InvalidOperationException">A change contradicts what stands there.</exception>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public Task CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var commit = new Commit(changes);
        return commit.Payload.Length <= JournalRecord.MaxPayload
            ? _commits.Add(commit)
            : throw new ArgumentException($"A commit holds {commit.Payload.Length} octets, {JournalRecord.MaxPayload} at the most.", nameof(changes));
    }

    /// <summary>Makes one change.</summary>
    /// <inheritdoc cref="CommitAsync(IReadOnlyList{Change}, CancellationToken)"/>
    public Task CommitAsync(Change change, CancellationToken cancellationToken) => CommitAsync([change], cancellationToken);

    /// <summary>
    /// The serial number for a post that is about to be distributed: the list's lowest free one, the same again for the same post.
    /// It is used up by <see cref="PostQueued"/> only: a distribution that ends before takes no number with it.
    /// </summary>
    public long ReserveSerial(string list, string postId) => _projections.Serials.Reserve(list, postId);

    /// <summary>The serial number that the list's next post would get, for those who only ask: it is not reserved.</summary>
    public long NextSerial(string list) => _projections.Serials.Next(list);

    /// <summary>Finishes the commits that were handed in and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await Task.Run(_commits.Stop);
        await _announcer.StopAsync();
        var isSettled = await Task.Run(_apply.Stop);
        Archives.Close();
        _syncThreads.Dispose();
        _lite.Dispose();
        _journal.Dispose();
        if (isSettled)
        {
            _files.NoteSettled(_lite.Sequence);
        }

        _failed.Dispose();
        _lock.Dispose();
    }

    private static FileStream Lock(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), StoreFolders.Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException held)
        {
            throw new StoreInUseException(folder, held);
        }
    }

    private JournalFile OpenJournal(IDisk disk)
    {
        try
        {
            return Replay.Into(_table, _lite, _options.PathOf(JournalName), disk, _damage, _options.CheckpointOctets / SegmentsPerCheckpoint);
        }
        catch
        {
            _lite.Dispose();
            throw;
        }
    }

    private void Accept(IReadOnlyList<Tables.Entry> entries, IReadOnlyList<Change> changes) => _announcer.Add(changes, _projections.Take(entries));

    private void Fail(Exception failure)
    {
        LogFailed(failure);
        _failed.Cancel();
    }

    private byte[] LoadSecret(IDisk disk)
    {
        var path = _options.PathOf("secret");
        if (!File.Exists(path))
        {
            StoreFolders.WriteWhole(disk, path, RandomNumberGenerator.GetBytes(SecretOctets));
        }

        return File.ReadAllBytes(path) is { Length: SecretOctets } secret ? secret : throw new StoreDamagedException($"{path} is not {SecretOctets} octets long.");
    }

    /// <summary>Removes octets that no record refers to: their post was never acknowledged, or all is done with it.</summary>
    private void RecoverSpool()
    {
        Spool.RemoveUnfinished();
        var unneeded = Spool.Names().Concat(_projections.Octets.Names).Where(id => !_projections.NeedsOctets(id)).ToList();
        if (_damage.IsFound && unneeded.Count > 0)
        {
            LogKept(unneeded.Count, string.Join(' ', unneeded.Take(20)));
            return;
        }

        unneeded.Except(_projections.Octets.Remove(unneeded)).ToList().ForEach(Spool.Remove);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The store has stopped; start again to have it mended")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "As there was damage, {Count} spool files that no record refers to are kept: {Ids}")]
    private partial void LogKept(int count, string ids);
}
