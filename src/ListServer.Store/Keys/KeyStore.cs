using System.Text;

namespace ListServer.Store.Keys;

/// <summary>A signing key as it stands on disk.</summary>
/// <param name="Domain">The signing domain, lower-case A-labels.</param>
/// <param name="Selector">The selector.</param>
/// <param name="Pem">The private key in PEM.</param>
public sealed record StoredKey(string Domain, string Selector, string Pem);

/// <summary>The keys we sign with: <c>keys/DOMAIN/SELECTOR.pem</c>, readable by their owner only.</summary>
/// <remarks>Safe for concurrent use. A key is never overwritten: what was signed with it must stay verifiable.</remarks>
public sealed class KeyStore
{
    private const string Extension = ".pem";

    private readonly string _folder;
    private readonly IDisk _disk;

    internal KeyStore(string folder, IDisk disk)
    {
        _folder = folder;
        _disk = disk;
    }

    /// <summary>All keys of a domain, by selector; empty when there is none.</summary>
    /// <exception cref="IOException">A key can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A key may not be read.</exception>
    public IReadOnlyList<StoredKey> List(string domain)
    {
        var folder = Path.Combine(_folder, Checked(domain));
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + Extension).Order(StringComparer.Ordinal).Select(path => Read(domain, path))]
            : [];
    }

    /// <summary>The names of a domain's keys.</summary>
    public IReadOnlyList<string> Selectors(string domain)
    {
        var folder = Path.Combine(_folder, Checked(domain));
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*" + Extension).Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>The key, or null when there is none.</summary>
    /// <exception cref="IOException">The key can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The key may not be read.</exception>
    public StoredKey? Load(string domain, string selector) => PathOf(domain, selector) is var path && File.Exists(path) ? Read(domain, path) : null;

    /// <summary>When the key was made, as far as its file tells; null when there is none.</summary>
    public DateTimeOffset? MadeAt(string domain, string selector) =>
        PathOf(domain, selector) is var path && File.Exists(path) ? new DateTimeOffset(File.GetLastWriteTimeUtc(path)) : null;

    /// <summary>Keeps a key. False when there is one of that name already, which stays.</summary>
    /// <exception cref="IOException">The key could not be written.</exception>
    public bool TryAdd(StoredKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var path = PathOf(key.Domain, key.Selector);
        if (File.Exists(path))
        {
            return false;
        }

        StoreFolders.Make(Path.GetDirectoryName(path)!);
        _disk.SyncFolder(_folder);
        StoreFolders.WriteWhole(_disk, path, Encoding.ASCII.GetBytes(key.Pem));
        return true;
    }

    private static StoredKey Read(string domain, string path) =>
        new(domain, Path.GetFileNameWithoutExtension(path), File.ReadAllText(path, Encoding.ASCII));

    private string PathOf(string domain, string selector) => Path.Combine(_folder, Checked(domain), Checked(selector) + Extension);

    /// <summary>Names become paths: nothing but letters, digits, hyphen, underscore and single dots between them.</summary>
    private static string Checked(string name)
    {
        var folded = name.ToLowerInvariant();
        var isName = folded.Length is > 0 and <= 253
            && folded.Split('.').All(label => label.Length > 0 && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
        return isName ? folded : throw new ArgumentException($"\"{name}\" is not a domain name or selector.", nameof(name));
    }
}
