using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ListServer.EndToEnd.Tests.Stage;

[CollectionDefinition(nameof(JudgedCopies))]
public sealed class JudgedCopiesCollection : ICollectionFixture<JudgedCopies>;

/// <summary>
/// All posts on their way: signed by a stranger, brought by SMTP, taken through the lists of a whole server, delivered by SMTP, and judged by two strangers.
/// Everything is done once and in bulk; the tests ask what came of it.
/// </summary>
public sealed class JudgedCopies : IAsyncLifetime
{
    private const string Selector = "s1";
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    // The posts are those of other people's suites, to anybody and about anything: only their authentication is judged here.
    private static readonly string[] Everything =
    [
        "--require-destination", "false", "--max-recipients", "0", "--hold-commands", "false", "--require-subject", "false", "--hold-digest-quotes", "false",
    ];

    private readonly Dictionary<(string Post, string List, string Recipient), Copy> _copies = [];
    private readonly Dictionary<string, byte[]> _posted = [];
    private readonly NameServer _names = new();
    private readonly Sink _sink = new();
    private readonly Stranger _dkimpy;
    private readonly Stranger _mailauth;
    private readonly int _smtpPort = FreePort.Take();
    private readonly int _webPort = FreePort.Take();
    private string _untold = "";
    private Serving? _serving;

    public JudgedCopies() => (_dkimpy, _mailauth) = (Stranger.Dkimpy(_names.Port), Stranger.Mailauth(_names.Port));

    internal static IReadOnlyList<string> PersonalReaders { get; } = [StageList.Reader, "ben@post.example"];

    internal Serving Serving => _serving!;

    /// <summary>The server's pages, as the proxy in front of them would reach them.</summary>
    internal Uri Web => new($"http://127.0.0.1:{_webPort}");

    /// <summary>A member's copy of a post, by way of a list.</summary>
    internal Copy Find(string post, string list, string recipient = StageList.Reader) =>
        _copies.TryGetValue((post, list, recipient), out var copy)
            ? copy
            : throw new InvalidOperationException($"The copy of {post} by {list} for {recipient} did not arrive. {_untold}");

    /// <summary>What the author's server sent.</summary>
    internal byte[] Posted(string post) => _posted[post];

    /// <summary>Both strangers about octets that nobody delivered.</summary>
    internal async Task<Copy> JudgeAsync(byte[] octets) => (await JudgeAsync([new Delivery("", "", octets)]))[0];

    public async ValueTask InitializeAsync()
    {
        var signing = SignAsync();
        _serving = await Serving.StartAsync(Directory.CreateTempSubdirectory("listserver-e2e-").FullName, Settings(), Cancelled);
        await SetUpAsync();
        await signing;
        await PostAsync();
        var deliveries = await CollectAsync();
        var judged = await JudgeAsync(deliveries);
        foreach (var (delivery, copy) in deliveries.Zip(judged))
        {
            _copies[Key(delivery)] = copy;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_serving is not null)
        {
            await _serving.DisposeAsync();
        }

        _dkimpy.Dispose();
        _mailauth.Dispose();
        await _sink.DisposeAsync();
        _names.Dispose();
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string[] Settings() =>
    [
        "HostName=mx.lists.example",
        $"Smtp:Listen=127.0.0.1:{_smtpPort}",
        $"Dns:Servers={_names.Address}",
        "Dns:Timeout=10s",
        $"Outbound:Smarthost={_sink.Address}",
        $"Outbound:Routes:hop2.example=127.0.0.1:{_smtpPort}",
        $"Outbound:Routes:hop3.example=127.0.0.1:{_smtpPort}",
        "Outbound:HeloName=mx.lists.example",
        $"Web:Listen=127.0.0.1:{_webPort}",
        "Web:BaseUrl=https://lists.example",
        "Trust:Sealers=lists.example",
    ];

    /// <summary>Gives every author a key and an address of its own, and signs all posts; those that come with a chain are sealed as well.</summary>
    private async Task SignAsync()
    {
        // A key of 3072 bits does not fit into 512 octets: its record is read over TCP.
        var keys = new Dictionary<string, string>
        {
            [Post.Friendly] = MakeKey(Post.Friendly, 2048),
            [Post.Strict] = MakeKey(Post.Strict, 3072),
            ["dkimpy"] = MakeKey("dkimpy.example", 2048),
            ["mailauth"] = MakeKey("mailauth.example", 2048),
        };
        _names.AddText(Post.Friendly, "v=spf1 -all");
        _names.AddText("_dmarc." + Post.Friendly, "v=DMARC1; p=none");
        _names.AddText(Post.Strict, "v=spf1 -all");
        _names.AddText("_dmarc." + Post.Strict, "v=DMARC1; p=reject");
        foreach (var post in Post.All)
        {
            var signed = await _dkimpy.AskAsync<Message>(
                new
                {
                    op = "sign",
                    message = post.Octets(),
                    domain = post.Author,
                    selector = Selector,
                    key = keys[post.Author],
                    canonicalization = post.Author == Post.Strict ? "simple/simple" : "relaxed/relaxed",
                },
                Cancelled);
            foreach (var sealer in post.SealedBy)
            {
                signed = await (sealer == "dkimpy" ? _dkimpy : _mailauth).AskAsync<Message>(
                    new { op = "seal", message = signed.Octets, domain = sealer + ".example", selector = Selector, key = keys[sealer], mailFrom = post.Address },
                    Cancelled);
            }

            _posted[post.Name] = post.IsChainBroken ? BrokenChain(signed.Octets) : signed.Octets;
        }
    }

    /// <summary>Another word in the results of the first set, which every seal covers (RFC 8617 §5.1.1).</summary>
    internal static byte[] BrokenChain(byte[] octets)
    {
        const string FirstResults = "ARC-Authentication-Results: i=1;";
        var text = Encoding.Latin1.GetString(octets);
        text.ShouldContain(FirstResults);
        return Encoding.Latin1.GetBytes(text.Replace(FirstResults, FirstResults + " x", StringComparison.Ordinal));
    }

    private string MakeKey(string domain, int bits)
    {
        using var key = RSA.Create(bits);
        _names.AddText($"{Selector}._domainkey.{domain}", $"v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}");
        return key.ExportRSAPrivateKeyPem();
    }

    private Task SetUpAsync() => Task.WhenAll(StageList.Domains.Select(SetUpAsync));

    private async Task SetUpAsync(string domain)
    {
        await Serving.DoAsync(Cancelled, "domain", "add", domain);
        var keyFile = Path.Combine(Serving.Folder, domain + ".pem");
        var key = await Serving.DoAsync(Cancelled, "key", "generate", domain, "--selector", Selector, "--use-now", "--out", keyFile);
        File.Exists(keyFile).ShouldBeTrue();
        _names.AddText(key.GetProperty("name").GetString()!, key.GetProperty("record").GetString()!);
        _names.AddText(domain, "v=spf1 -all");
        _names.AddText("_dmarc." + domain, "v=DMARC1; p=reject");
        foreach (var way in StageList.Ways)
        {
            foreach (var (index, list) in way.Index().Where(step => step.Item.Domain == domain))
            {
                await OpenAsync(list, way.ElementAtOrDefault(index + 1));
            }
        }
    }

    private async Task OpenAsync(StageList list, StageList? next)
    {
        // Behind two lists that changed it, nothing is left that authenticates a friendly author (row 6 of the decision table).
        string[] settings = list.Hop == 3 ? ["--require-author-auth", "false"] : list == StageList.Personal ? ["--personalize", "true"] : [];
        await Serving.DoAsync(
            Cancelled, ["list", "create", list.Address, "--policy", "open", "--prefix", list.Prefix, "--footer", list.Footer, .. Everything, .. settings]);
        var members = list == StageList.Personal ? PersonalReaders : next is null ? [StageList.Reader] : [StageList.Reader, next.Address];
        var file = Path.Combine(Serving.Folder, $"{list.Address}.txt");
        await File.WriteAllLinesAsync(file, members, Cancelled);
        var report = await Serving.DoAsync(Cancelled, "member", "import", list.Address, file);
        report.GetProperty("added").GetInt32().ShouldBe(members.Count);
    }

    private async Task PostAsync()
    {
        var posts = Post.All.Select(post => new
        {
            mailFrom = post.Address,
            recipients = Expected().Where(copy => copy.Post == post && copy.List.Hop == 1).Select(copy => copy.List.Address).Distinct(),
            message = _posted[post.Name],
        });
        (await _dkimpy.AskAsync<Refusals>(new { op = "post", port = _smtpPort, posts }, Cancelled)).Refused.ShouldBeEmpty();
    }

    /// <summary>Every copy that has to arrive.</summary>
    internal static IEnumerable<(Post Post, StageList List, string Recipient)> Expected() =>
        from post in Post.All
        from way in StageList.Ways
        where way.Length > 1 || post.SealedBy.Length == 0
        from list in way
        where list != StageList.Personal || post.Content == "ascii"
        from recipient in list == StageList.Personal ? PersonalReaders : [StageList.Reader]
        select (post, list, recipient);

    private async Task<List<Delivery>> CollectAsync()
    {
        var missing = Expected().Select(copy => (copy.Post.Name, copy.List.Address, copy.Recipient)).ToHashSet();
        var deliveries = new List<Delivery>();
        while (missing.Count > 0)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            deadline.CancelAfter(Silence);
            try
            {
                var delivery = await _sink.Deliveries.ReadAsync(deadline.Token);
                missing.Remove(Key(delivery)).ShouldBeTrue($"unexpected or twice: {Key(delivery)}");
                deliveries.Add(delivery);
            }
            catch (OperationCanceledException) when (!Cancelled.IsCancellationRequested)
            {
                var held = await Listserver.RunAsync(Cancelled, "held", "list", "--data", Serving.Folder);
                var queue = await Listserver.RunAsync(Cancelled, "queue", "--data", Serving.Folder);
                _untold = $"Held:\n{held.Output}\nQueue:\n{queue.Output}\n{Serving.Errors}";
                break;
            }
        }

        return deliveries;
    }

    private async Task<List<Copy>> JudgeAsync(List<Delivery> deliveries)
    {
        var judging = new[] { _dkimpy.JudgeAsync(deliveries, Cancelled), _mailauth.JudgeAsync(deliveries, Cancelled) };
        var (first, second) = (await judging[0], await judging[1]);
        return [.. deliveries.Select((delivery, index) => new Copy(delivery.Octets, first[index], second[index]))];
    }

    // MAIL FROM names the list, that of a personal copy the member too (AUTH-54); the Message-ID names the post.
    private static (string Post, string List, string Recipient) Key(Delivery delivery)
    {
        var id = Encoding.Latin1.GetString(delivery.Octets).Split("\r\nMessage-ID: <", 2)[1].Split('@', 2)[0];
        var personal = StageList.Personal.Address.Split('@')[0];
        var list = delivery.MailFrom.StartsWith($"{personal}-bounces", StringComparison.Ordinal)
            ? Regex.Replace(delivery.MailFrom, $"^{personal}-bounces\\+[a-z2-7]{{29}}@", $"{personal}@")
            : delivery.MailFrom.Replace("-bounces@", "@", StringComparison.Ordinal);
        return (id, list, delivery.Recipient);
    }

    private sealed record Message([property: System.Text.Json.Serialization.JsonPropertyName("message")] byte[] Octets);

    private sealed record Refusals(string[] Refused);
}
