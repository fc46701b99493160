using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Store.Tests;

/// <summary>A store in a folder of its own, that can be closed, killed in effect, and opened again.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    private readonly List<ListStore> _opened = [];

    protected string Folder { get; } = TemporaryFolder();

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

    /// <summary>In memory where the machine has such a place: what a sync is for is tested by <see cref="FaultyDisk"/>, not by waiting for a real one.</summary>
    private static string TemporaryFolder()
    {
        const string memory = "/dev/shm";
        var parent = Directory.Exists(memory) ? memory : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(parent, "store-test-" + Guid.NewGuid().ToString("N"))).FullName;
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
