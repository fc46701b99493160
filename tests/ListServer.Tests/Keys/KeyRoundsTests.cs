using System.Net;
using ListServer.Admin;
using ListServer.Admin.Domains;
using ListServer.Admin.Keys;
using ListServer.Distribution;
using ListServer.Keys;
using ListServer.Lists;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Keys;
using ListServer.Tests.Outbound;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Tests.Keys;

/// <summary>AUTH-35: a key signs when all name servers of its zone show it, and its predecessor's record stays for as long as mail bears its signature.</summary>
public sealed class KeyRoundsTests : IAsyncLifetime
{
    private const string Domain = "lists.example";
    private static readonly DateTimeOffset Start = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly IPAddress First = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Second = IPAddress.Parse("192.0.2.2");

    private readonly string _folder = Directory.CreateTempSubdirectory("keys-test-").FullName;
    private readonly FakeTimeProvider _time = new(Start);
    private readonly ZoneFake _resolver = new ZoneFake().NS(Domain, "ns1.test", "ns2.test").A("ns1.test", First.ToString()).A("ns2.test", Second.ToString());
    private readonly Dictionary<IPAddress, ZoneFake> _servers = new() { [First] = new ZoneFake(), [Second] = new ZoneFake() };
    private ListStore _store = null!;
    private LocalDesk _desk = null!;
    private SigningKeys _keys = null!;
    private KeyRounds _rounds = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Open();
        await DoAsync(new AddDomain(Domain));
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_first_key_signs_nothing_before_all_name_servers_show_it_and_says_who_does_not()
    {
        var key = await DoAsync(new GenerateKey(Domain, "s1"));
        (await RoundAsync()).ShouldBe(TimeSpan.FromSeconds(10));
        Signer.ShouldBeNull();
        Problem.ShouldContain("the key s1 of lists.example waits until DNS shows it: ns1.test has no record at s1._domainkey.lists.example");

        _servers[First].Txt(key.Name, key.Record);
        await LaterAsync(TimeSpan.FromSeconds(10));
        Problem.ShouldContain("ns2.test has no record at s1._domainkey.lists.example");

        using var other = SigningKey.GenerateEd25519();
        _servers[Second].Txt(key.Name, other.DnsRecord);
        await LaterAsync(TimeSpan.FromSeconds(10));
        Problem.ShouldContain("ns2.test has another key");

        _servers[Second].Fail(key.Name, DnsRecordType.Txt);
        await LaterAsync(TimeSpan.FromSeconds(10));
        Problem.ShouldContain("ns2.test gave no answer for s1._domainkey.lists.example: SERVFAIL");

        _servers[Second].Txt(key.Name, key.Record);
        await LaterAsync(TimeSpan.FromSeconds(10));
        Signer.ShouldBe("s1");
        Stages.ShouldBe("s1 used");
    }

    [Fact]
    public async Task A_key_that_can_t_be_read_says_so_and_keeps_no_other_domain_waiting()
    {
        await DoAsync(new GenerateKey(Domain, "s1"));
        await DoAsync(new AddDomain("talk.example"));
        await DoAsync(new GenerateKey("talk.example", "s1"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "keys", Domain, "s1.pem"), "-----BEGIN LISTSERVER ENCRYPTED KEY-----\nAAAA\n-----END LISTSERVER ENCRYPTED KEY-----\n", Cancel);

        await RoundAsync();

        Problem.ShouldContain("the key s1 of lists.example can't be read from the data folder");
        _store.FindKey("talk.example", "s1")!.Problem.ShouldNotBeEmpty("it was looked for");
    }

    [Fact]
    public async Task A_key_whose_file_is_gone_is_not_looked_for_each_second()
    {
        await DoAsync(new GenerateKey(Domain, "s1"));
        (await RoundAsync()).ShouldBe(TimeSpan.FromSeconds(10));
        File.Delete(Path.Combine(_folder, "keys", Domain, "s1.pem"));
        _time.Advance(TimeSpan.FromMinutes(1));

        (await RoundAsync()).ShouldBe(TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task A_key_is_followed_by_another_one_step_by_step_and_a_crash_at_any_step_changes_nothing()
    {
        await UseFirstAsync();
        await LaterAsync(TimeSpan.FromDays(MailDomain.MostRotateDays) - TimeSpan.FromMinutes(1));
        Stages.ShouldBe("s1 used");

        // Old enough: a key that nobody publishes waits, and the present one signs on.
        await LaterAsync(TimeSpan.FromMinutes(1));
        await CrashAsync();
        Stages.ShouldBe("s1 used, s202708 made");
        await LaterAsync(TimeSpan.FromDays(3));
        Signer.ShouldBe("s1");

        Publish("s202708");
        await LaterAsync(TimeSpan.FromMinutes(10));
        await CrashAsync();
        Signer.ShouldBe("s202708");
        Stages.ShouldBe("s1 leaving, s202708 used");

        // Five days in the queue, and seven of x= (AUTH-32).
        var left = _time.GetUtcNow();
        _store.FindKey(Domain, "s1")!.KeepUntil.ShouldBe(left + TimeSpan.FromDays(12));
        await LaterAsync(TimeSpan.FromDays(12) - TimeSpan.FromMinutes(1));
        Stages.ShouldBe("s1 leaving, s202708 used");
        await LaterAsync(TimeSpan.FromMinutes(1));
        await CrashAsync();
        Stages.ShouldBe("s1 removable, s202708 used");

        await LaterAsync(TimeSpan.FromHours(6));
        Stages.ShouldBe("s1 removable, s202708 used");
        _servers[First].Txt("s1._domainkey." + Domain, "v=DKIM1; p=");
        await LaterAsync(TimeSpan.FromHours(6));
        await CrashAsync();
        Stages.ShouldBe("s1 retired, s202708 used");
        Signer.ShouldBe("s202708");
    }

    [Fact]
    public async Task A_key_that_DNS_shows_no_longer_keeps_mail_waiting_until_it_does_again()
    {
        await UseFirstAsync();
        _servers[Second].Remove("s1._domainkey." + Domain);
        await LaterAsync(TimeSpan.FromHours(1));
        Signer.ShouldBe("s1"); // a zone that is being loaded anew
        await LaterAsync(TimeSpan.FromMinutes(1));
        Signer.ShouldBeNull();
        Problem.ShouldStartWith("DNS no longer shows the key s1 of lists.example: ns2.test has no record");
        await CrashAsync();
        Signer.ShouldBeNull();

        Publish("s1");
        await LaterAsync(TimeSpan.FromMinutes(1));
        Signer.ShouldBe("s1");
    }

    [Fact]
    public async Task Where_DNS_gives_no_answer_the_key_that_was_seen_last_signs_on()
    {
        await UseFirstAsync();
        _servers[First].Fail("s1._domainkey." + Domain, DnsRecordType.Txt);
        _servers[Second].Fail("s1._domainkey." + Domain, DnsRecordType.Txt);
        for (var hour = 0; hour < 5; hour++)
        {
            await LaterAsync(TimeSpan.FromHours(1));
        }

        Signer.ShouldBe("s1");
        _store.FindKey(Domain, "s1")!.Problem.ShouldContain("ns1.test gave no answer");

        _resolver.Fail(Domain, DnsRecordType.NS);
        await LaterAsync(TimeSpan.FromHours(1));
        Signer.ShouldBe("s1");
        _store.FindKey(Domain, "s1")!.Problem.ShouldContain("the name servers of lists.example are not known: SERVFAIL");
    }

    [Fact]
    public async Task A_key_from_before_keys_were_followed_signs_on_though_it_was_never_seen()
    {
        using var old = SigningKey.GenerateEd25519();
        _store.Keys.TryAdd(new StoredKey(Domain, "old", old.ToPem())).ShouldBeTrue();
        await _store.CommitAsync(new DomainSaved(new MailDomain(Domain, "old") { RotateDays = 0 }), Cancel);
        await RoundAsync();
        await LaterAsync(TimeSpan.FromHours(1));
        await LaterAsync(TimeSpan.FromHours(1));

        Signer.ShouldBe("old");
        _store.FindKey(Domain, "old").ShouldSatisfyAllConditions(key => key!.IsLost.ShouldBeFalse(), key => key!.Problem.ShouldContain("has no record"));
    }

    [Fact]
    public async Task How_often_keys_follow_each_other_is_the_domain_s_choice()
    {
        await UseFirstAsync();
        (await _desk.RunAsync(new SetDomain(Domain) { RotateDays = 181 }, Cancel)).ShouldBeOfType<Outcome<MailDomain>.Refused>();
        await DoAsync(new SetDomain(Domain) { RotateDays = 0 });
        await LaterAsync(TimeSpan.FromDays(400));
        Stages.ShouldBe("s1 used");
        await DoAsync(new SetDomain(Domain) { RotateDays = 30 });
        await RoundAsync();
        Stages.ShouldBe("s1 used, s202804 made");
    }

    [Fact]
    public async Task A_key_by_hand_is_made_once_and_an_unfinished_one_is_never_used()
    {
        await UseFirstAsync();

        // A crash between the key's file and its record.
        using var half = SigningKey.GenerateEd25519();
        _store.Keys.TryAdd(new StoredKey(Domain, "s202703", half.ToPem())).ShouldBeTrue();
        Publish("s202703");
        await LaterAsync(TimeSpan.FromHours(1));
        Signer.ShouldBe("s1");

        var made = await DoAsync(new RotateKey(Domain));
        made.Selector.ShouldBe("s202703-2");
        (await DoAsync(new RotateKey(Domain))).ShouldBe(made);
        (await DoAsync(new BrowseKeys(Domain))).Select(key => $"{key.Selector} {key.Stage}").ShouldBe(["s202703-2 Made", "s1 Used", "s202703 Retired"]);
    }

    [Fact]
    public async Task A_domain_that_sends_nothing_any_more_lets_its_keys_leave()
    {
        await UseFirstAsync();
        await DoAsync(new RotateKey(Domain));
        await DoAsync(new SetDomain(Domain) { SendsNothing = true });
        Publish("s202703");
        await LaterAsync(TimeSpan.FromHours(1));

        Stages.ShouldBe("s1 leaving, s202703 retired");
        _store.FindDomain(Domain)!.Selector.ShouldBeNull();
    }

    [Fact]
    public async Task Where_no_zone_names_its_servers_the_resolver_s_answer_counts_and_an_alias_is_followed()
    {
        _resolver.Remove(Domain).NS("keys.provider.test", "ns2.test");
        var key = await DoAsync(new GenerateKey(Domain, "s1"));
        await RoundAsync();
        Problem.ShouldContain("the name server of this machine has no record");

        _resolver.Txt("s1.keys.provider.test", key.Record).AliasText(key.Name, "s1.keys.provider.test");
        await LaterAsync(TimeSpan.FromSeconds(10));
        Problem.ShouldContain("ns2.test has no record");
        _servers[Second].Txt("s1.keys.provider.test", key.Record);
        await LaterAsync(TimeSpan.FromSeconds(10));
        Signer.ShouldBe("s1");
    }

    private string? Signer => _keys.Find(Domain, out _)?.Selector;

    private string Problem
    {
        get
        {
            _keys.Find(Domain, out var problem);
            return problem;
        }
    }

    private string Stages => string.Join(", ", _store.DomainKeys(Domain).Select(key => $"{key.Selector} {key.Stage.ToString().ToLowerInvariant()}"));

    private async Task UseFirstAsync()
    {
        await DoAsync(new GenerateKey(Domain, "s1"));
        Publish("s1");
        await RoundAsync();
        Signer.ShouldBe("s1");
    }

    private void Publish(string selector)
    {
        SigningKey.TryLoad(_store.Keys.Load(Domain, selector)!.Pem, null, out var key, out _).ShouldBeTrue();
        using (key)
        {
            foreach (var server in _servers.Values)
            {
                server.Txt($"{selector}._domainkey.{Domain}", key.DnsRecord);
            }
        }
    }

    private async Task<T> DoAsync<T>(UseCase<T> useCase) => (await _desk.RunAsync(useCase, Cancel)).ShouldBeOfType<Outcome<T>.Done>().Answer;

    private async Task LaterAsync(TimeSpan span)
    {
        _time.Advance(span);
        await RoundAsync();
    }

    private Task<TimeSpan> RoundAsync() => _rounds.GoAsync(Cancel);

    private async Task CrashAsync()
    {
        await CloseAsync();
        Open();
    }

    private void Open()
    {
        _store = ListStore.Open(new StoreOptions(_folder), _time, NullLogger.Instance);
        _desk = new LocalDesk(new AdminContext(_store, _time, "test"));
        _keys = new SigningKeys(_store);
        _rounds = new KeyRounds(_store, _desk, new AuthorityLook(_resolver, address => _servers[address]), _time, NullLogger<KeyRounds>.Instance);
    }

    private async Task CloseAsync()
    {
        _keys.Dispose();
        await _store.DisposeAsync();
    }
}
