using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ListServer.Store.Archive;

/// <summary>The archives of all lists, each opened when it is first asked for.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class Archives
{
    private readonly string _folder;
    private readonly IDisk _disk;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, ListArchive> _open = new(StringComparer.OrdinalIgnoreCase);

    internal Archives(string folder, IDisk disk, ILogger logger)
    {
        _folder = folder;
        _disk = disk;
        _logger = logger;
    }

    /// <summary>The archive of a list; it stays when the list goes.</summary>
    /// <param name="list">The posting address, as the list has it: its letters are safe in a path, and the @ makes it a name of its own.</param>
    public ListArchive Of(string list) => _open.GetOrAdd(list, address => Make(address));

    private ListArchive Make(string address)
    {
        var name = Checked(address);
        StoreFolders.MakeAll(_disk, _folder, name);
        return new ListArchive(name, Path.Combine(_folder, name), _disk, _logger);
    }

    internal void Close()
    {
        foreach (var archive in _open.Values)
        {
            archive.Close();
        }
    }

    private static string Checked(string list) => list.Contains('@', StringComparison.Ordinal) && list.AsSpan().IndexOfAny("/\\\0") < 0
        ? list.ToLowerInvariant()
        : throw new ArgumentException($"'{list}' is not the address of a list.", nameof(list));
}
