using System.Text;

namespace ListServer.Store.Keys;

/// <summary>A signing key as it stands on disk.</summary>
/// <param name="Domain">The signing domain, lower-case A-labels.</param>
/// <param name="Selector">The selector.</param>
/// <param name="Pem">The private key in PEM.</param>
public sealed record StoredKey(string Domain, string Selector, string Pem);

/// <summary>The keys we sign with: <c>keys/DOMAIN/SELECTOR.pem</c>, readable by their owner only, and encrypted where there is a secret.</summary>
/// <remarks>Safe for concurrent use. A key is never overwritten: what was signed with it must stay verifiable.</remarks>
public sealed class KeyStore
{
    private const string Extension = ".pem";

    private readonly string _folder;
    private readonly IDisk _disk;
    private readonly KeyVault? _vault;

    private KeyStore(string folder, IDisk disk, KeyVault? vault) => (_folder, _disk, _vault) = (folder, disk, vault);

    /// <summary>Opens a folder of keys. With a secret, those that stand there in plain text are encrypted.</summary>
    internal static KeyStore Open(string folder, IDisk disk, string secret)
    {
        var vault = KeyVault.Open(folder, disk, secret);
        var keys = new KeyStore(folder, disk, vault);
        if (vault is not null)
        {
            keys.SealAll(vault);
        }

        return keys;
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
        StoreFolders.WriteWhole(_disk, path, Encoding.ASCII.GetBytes(_vault?.Seal(NameOf(key.Domain, key.Selector), key.Pem) ?? key.Pem));
        return true;
    }

    private StoredKey Read(string domain, string path)
    {
        var (selector, text) = (Path.GetFileNameWithoutExtension(path), File.ReadAllText(path, Encoding.ASCII));
        return !KeyVault.IsSealed(text) ? new StoredKey(domain, selector, text)
            : _vault?.Unseal(NameOf(domain, selector), text) is { } pem ? new StoredKey(domain, selector, pem)
            : throw new StoreException($"The key {selector} of {domain} can't be decrypted: its file {path} is damaged, or of another server.");
    }

    /// <summary>A crash leaves some in plain text; the next start goes on. Their times stay: they tell how old the keys are.</summary>
    private void SealAll(KeyVault vault)
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*" + Extension, SearchOption.AllDirectories).ToList())
        {
            var text = File.ReadAllText(path, Encoding.ASCII);
            if (!KeyVault.IsSealed(text))
            {
                var made = File.GetLastWriteTimeUtc(path);
                var domain = Path.GetFileName(Path.GetDirectoryName(path)!);
                StoreFolders.WriteWhole(_disk, path, Encoding.ASCII.GetBytes(vault.Seal(NameOf(domain, Path.GetFileNameWithoutExtension(path)), text)));
                File.SetLastWriteTimeUtc(path, made);
            }
        }
    }

    private static string NameOf(string domain, string selector) => $"{Checked(domain)}/{Checked(selector)}";

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
