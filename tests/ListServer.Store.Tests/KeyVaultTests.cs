using ListServer.Store.Keys;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Store.Tests;

/// <summary>Keys at rest: readable by their owner only, and encrypted where the operator gives a secret.</summary>
public sealed class KeyVaultTests : IDisposable
{
    private const string Secret = "a secret of the operator";
    private const string Pem = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("vault-test-").FullName;

    private string KeyFile => Path.Combine(_folder, "keys", "lists.example", "s1.pem");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_key_is_encrypted_on_disk_and_readable_by_its_owner_only()
    {
        await using (var store = Open(Secret))
        {
            store.Keys.TryAdd(new StoredKey("lists.example", "s1", Pem)).ShouldBeTrue();
        }

        var text = await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken);
        text.ShouldStartWith("-----BEGIN LISTSERVER ENCRYPTED KEY-----");
        text.ShouldNotContain("MC4CAQAwBQYDK2VwBCIE");
        File.GetUnixFileMode(KeyFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var again = Open(Secret);
        again.Keys.Load("lists.example", "s1")!.Pem.ShouldBe(Pem);
        again.Keys.Selectors("lists.example").Select(selector => again.Keys.Load("lists.example", selector)!).Single().Pem.ShouldBe(Pem);
    }

    [Fact]
    public async Task Keys_from_before_are_encrypted_at_the_first_start_with_a_secret_and_one_that_a_crash_left_at_the_next()
    {
        await using (var store = Open(""))
        {
            store.Keys.TryAdd(new StoredKey("lists.example", "s1", Pem));
            store.Keys.TryAdd(new StoredKey("lists.example", "s2", Pem));
        }

        var made = File.GetLastWriteTimeUtc(KeyFile);
        await using (var store = Open(Secret))
        {
            (await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken)).ShouldNotContain("MC4CAQ");
            store.Keys.Load("lists.example", "s1")!.Pem.ShouldBe(Pem);
            store.Keys.MadeAt("lists.example", "s1")!.Value.UtcDateTime.ShouldBe(made);
        }

        await File.WriteAllTextAsync(KeyFile, Pem, TestContext.Current.CancellationToken);
        await using var again = Open(Secret);
        (await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken)).ShouldStartWith("-----BEGIN LISTSERVER ENCRYPTED KEY-----");
        again.Keys.Load("lists.example", "s2")!.Pem.ShouldBe(Pem);
    }

    [Theory]
    [InlineData("", "The keys in the data folder are encrypted.")]
    [InlineData("another secret of somebody", "Keys:Secret is not the secret")]
    public async Task A_wrong_secret_or_none_is_told_at_the_start(string secret, string words)
    {
        await Open(Secret).DisposeAsync();
        Should.Throw<StoreException>(() => Open(secret)).Message.ShouldStartWith(words);
        await Open(Secret).DisposeAsync();
    }

    [Fact]
    public async Task A_damaged_key_and_one_moved_to_another_name_are_no_keys()
    {
        await using var store = Open(Secret);
        store.Keys.TryAdd(new StoredKey("lists.example", "s1", Pem));
        File.Copy(KeyFile, Path.Combine(Path.GetDirectoryName(KeyFile)!, "s2.pem"));
        Should.Throw<StoreException>(() => store.Keys.Load("lists.example", "s2")).Message.ShouldContain("s2");

        var text = await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken);
        var at = text.IndexOf('\n', StringComparison.Ordinal) + 40;
        await File.WriteAllTextAsync(KeyFile, text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..], TestContext.Current.CancellationToken);
        Should.Throw<StoreException>(() => store.Keys.Load("lists.example", "s1"));
    }

    private ListStore Open(string secret) =>
        ListStore.Open(new StoreOptions(_folder) { KeySecret = secret }, new FakeTimeProvider(Sample.Start), NullLogger.Instance);
}
