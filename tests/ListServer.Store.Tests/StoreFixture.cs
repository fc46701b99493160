using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Store.Tests;

/// <summary>A store in a folder of its own, that can be closed, killed in effect, and opened again.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    private readonly List<ListStore> _opened = [];

    protected string Folder { get; } = Directory.CreateTempSubdirectory("store-test-").FullName;

    protected FakeTimeProvider Time { get; } = new(Sample.Start);

    protected TestLog Log { get; } = new();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected ListStore Open(StoreOptions? options = null) => Open(new LocalDisk(), options);

    internal ListStore Open(IDisk disk, StoreOptions? options = null)
    {
        var store = ListStore.Open(options ?? new StoreOptions(Folder), disk, Time, Log);
        _opened.Add(store);
        return store;
    }

    protected string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>What a machine would have after its power failed now: a copy of the folder, without any orderly end.</summary>
    protected string Snapshot()
    {
        var target = PathOf("..", Path.GetFileName(Folder) + "-" + Guid.NewGuid().ToString("N")[..8]);
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return target;
    }
}

/// <summary>Keeps what was logged.</summary>
public sealed class TestLog : ILogger
{
    private readonly List<(LogLevel Level, string Text)> _lines = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_lines)
        {
            _lines.Add((logLevel, formatter(state, exception) + exception));
        }
    }

    public IReadOnlyList<string> At(LogLevel level)
    {
        lock (_lines)
        {
            return [.. _lines.Where(l => l.Level == level).Select(l => l.Text)];
        }
    }
}
