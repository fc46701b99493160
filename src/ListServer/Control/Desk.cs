using ListServer.Admin;
using ListServer.Configuration;
using ListServer.Correspondence;
using ListServer.Store;
using Microsoft.Extensions.Logging;

namespace ListServer.Control;

/// <summary>The desk that commands go to: the running server's, or one on the store that this process opens for the moment.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly IAdminDesk _desk;
    private readonly IAsyncDisposable _owned;

    private Desk(IAdminDesk desk, IAsyncDisposable owned) => (_desk, _owned) = (desk, owned);

    /// <summary>Finds the running server by its socket in the data folder; otherwise opens the store.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="mayMake">True for what begins a new data folder; a mistyped one is not made by looking into it.</param>
    /// <param name="error">For words to the person.</param>
    /// <param name="cancellationToken">Ends the wait for the socket.</param>
    /// <returns>Null, with a message on <paramref name="error"/>, when neither can be done.</returns>
    public static async Task<Desk?> OpenAsync(string dataFolder, bool mayMake, TextWriter error, CancellationToken cancellationToken)
    {
        if (await RemoteDesk.ConnectAsync(dataFolder, cancellationToken) is { } remote)
        {
            return new Desk(remote, remote);
        }

        if (!mayMake && !Directory.Exists(dataFolder))
        {
            await error.WriteLineAsync($"There is no data folder {Path.GetFullPath(dataFolder)}. 'listserver domain add' makes one; --data or LISTSERVER_DATA names another.");
            return null;
        }

        try
        {
            // What stands in the data folder's own options and in the environment; wrong ones are told where the server starts.
            var secret = OptionSources.Read(dataFolder, null, [], out _).Keys.Secret;
            var store = ListStore.Open(new StoreOptions(dataFolder) { KeySecret = secret }, TimeProvider.System, new StoreNotes(error));
            var context = new AdminContext(store, TimeProvider.System, Actor) { Templates = () => TemplateFiles.Read(dataFolder) };
            return new Desk(new LocalDesk(context), store);
        }
        catch (Exception problem) when (problem is StoreInUseException or StoreDamagedException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"The data folder {Path.GetFullPath(dataFolder)} can't be opened: {problem.Message}");
            return null;
        }
    }

    /// <summary>Who sits at this terminal.</summary>
    public static string Actor => $"{Environment.UserName} at the command line";

    /// <summary>Runs a use case where the store is open.</summary>
    public Task<Outcome<T>> RunAsync<T>(UseCase<T> useCase, CancellationToken cancellationToken) => _desk.RunAsync(useCase, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _owned.DisposeAsync();

    /// <summary>What the store says of damage and repair goes to the person at the terminal.</summary>
    private sealed class StoreNotes(TextWriter error) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                error.WriteLine(formatter(state, exception));
            }
        }
    }
}
