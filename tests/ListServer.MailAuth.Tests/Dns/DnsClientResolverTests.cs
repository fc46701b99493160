using System.Net;
using System.Net.Sockets;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Tests.Dns;

/// <summary>DnsClientResolver against a server on loopback: every kind of answer, and the traps of the library behind it.</summary>
public sealed class DnsClientResolverTests
{
    private const ushort A = 1;
    private const ushort CName = 5;
    private const ushort Ptr = 12;
    private const ushort MX = 15;
    private const ushort Txt = 16;
    private const ushort Aaaa = 28;
    private const ushort Tlsa = 52;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DnsClientResolver Resolver(bool dnssec, params LoopbackDnsServer[] servers) => new(new DnsClientResolverOptions
    {
        Servers = [.. servers.Select(s => s.EndPoint)],
        Timeout = TimeSpan.FromSeconds(10),
        RequestDnssec = dnssec,
    });

    private static DnsClientResolver Impatient(params LoopbackDnsServer[] servers) => new(new DnsClientResolverOptions
    {
        Servers = [.. servers.Select(s => s.EndPoint)],
        Timeout = TimeSpan.FromMilliseconds(300),
    });

    private static async Task<DnsAnswer> AskAsync(DnsRecordType type, WireReply? reply, string name = "name.example")
    {
        await using var server = new LoopbackDnsServer(_ => reply);
        return await Resolver(false, server).QueryAsync(name, type, Token);
    }

    [Fact]
    public async Task Records_of_every_type_are_read()
    {
        var addresses = await AskAsync(DnsRecordType.A, new WireReply(0, [new(A, [192, 0, 2, 1], 60), new(A, [192, 0, 2, 2], 30)]));
        (addresses.Status, addresses.TimeToLive).ShouldBe((DnsStatus.Success, TimeSpan.FromSeconds(30)));
        addresses.Records.ShouldBe([new AddressRecord(IPAddress.Parse("192.0.2.1")), new AddressRecord(IPAddress.Parse("192.0.2.2"))]);
        (await AskAsync(DnsRecordType.Aaaa, new WireReply(0, [new(Aaaa, IPAddress.Parse("2001:db8::1").GetAddressBytes())])))
            .Records.ShouldBe([new AddressRecord(IPAddress.Parse("2001:db8::1"))]);
        (await AskAsync(DnsRecordType.MX, new WireReply(0, [new(MX, [0, 10, .. LoopbackDnsServer.Name("mx.example")]), new(MX, [0, 0, 0])])))
            .Records.ShouldBe([new MXRecord(10, "mx.example"), new MXRecord(0, "")]);
        (await AskAsync(DnsRecordType.Ptr, new WireReply(0, [new(Ptr, LoopbackDnsServer.Name("Host.Example"))])))
            .Records.ShouldBe([new NameRecord("Host.Example")]);
        var tlsa = (await AskAsync(DnsRecordType.Tlsa, new WireReply(0, [new(Tlsa, [3, 1, 1, 0xAB, 0xCD])]))).Records[0].ShouldBeOfType<TlsaRecord>();
        (tlsa.Usage, tlsa.Selector, tlsa.MatchingType).ShouldBe(((byte)3, (byte)1, (byte)1));
        tlsa.Association.ShouldBe([0xAB, 0xCD]);
    }

    [Theory]
    [InlineData("v=spf1 -all")]
    [InlineData("")]
    [InlineData("a\\b \\200 \\\" \"quoted\"")]
    [InlineData("\u00c3\u00a9 is UTF-8")]
    [InlineData("\u00e9\u0000\u0001\u007f\u00ff \"not\" UTF-8")]
    [InlineData("\u00ef\u00bf\u00bd is U+FFFD")]
    public async Task Text_keeps_its_octets(string text)
    {
        var answer = await AskAsync(DnsRecordType.Txt, new WireReply(0, [new(Txt, LoopbackDnsServer.Strings(text[..(text.Length / 2)], text[(text.Length / 2)..]))]));
        answer.Records.ShouldBe([new TxtRecord(text)]);
    }

    [Fact]
    public async Task An_alias_is_followed_and_its_time_to_live_counts()
    {
        var answer = await AskAsync(
            DnsRecordType.A,
            new WireReply(0, [new(CName, LoopbackDnsServer.Name("real.example"), 20), new(A, [192, 0, 2, 1], 60, "real.example")]));
        answer.Records.ShouldBe([new AddressRecord(IPAddress.Parse("192.0.2.1"))]);
        answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(0, DnsStatus.NoData)]
    [InlineData(3, DnsStatus.NxDomain)]
    public async Task No_record_and_no_name_are_told_apart_and_live_as_long_as_the_SOA_says(int rcode, DnsStatus status)
    {
        (await AskAsync(DnsRecordType.A, new WireReply(rcode, Soa: (600, 60)))).ShouldBe(DnsAnswer.Empty(status, TimeSpan.FromSeconds(60)));
        (await AskAsync(DnsRecordType.A, new WireReply(rcode, Soa: (30, 60)))).TimeToLive.ShouldBe(TimeSpan.FromSeconds(30));
        (await AskAsync(DnsRecordType.A, new WireReply(rcode))).TimeToLive.ShouldBe(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task An_error_code_is_a_failure(int rcode)
    {
        var answer = await AskAsync(DnsRecordType.A, new WireReply(rcode));
        answer.Status.ShouldBe(DnsStatus.Failure);
        answer.Reason.ShouldNotBeNull();
    }

    [Fact]
    public async Task Silence_is_a_failure_after_one_more_try()
    {
        await using var server = new LoopbackDnsServer(_ => null);
        var answer = await Impatient(server).QueryAsync("name.example", DnsRecordType.A, Token);
        answer.Status.ShouldBe(DnsStatus.Failure);
        answer.Reason.ShouldBe("no answer in time");
        server.Questions.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_fails_or_is_silent_is_followed_by_the_next()
    {
        await using var broken = new LoopbackDnsServer(_ => new WireReply(2));
        await using var silent = new LoopbackDnsServer(_ => null);
        await using var good = new LoopbackDnsServer(_ => new WireReply(0, [new(A, [192, 0, 2, 1])]));
        (await Resolver(false, broken, good).QueryAsync("name.example", DnsRecordType.A, Token)).Status.ShouldBe(DnsStatus.Success);
        (await Impatient(silent, good).QueryAsync("name.example", DnsRecordType.A, Token)).Status.ShouldBe(DnsStatus.Success);
        (await Impatient(silent, silent, good).QueryAsync("name.example", DnsRecordType.A, Token)).Status.ShouldBe(DnsStatus.Failure);
    }

    [Fact]
    public async Task An_answer_that_says_no_is_not_asked_for_again_elsewhere()
    {
        await using var first = new LoopbackDnsServer(_ => new WireReply(3, Soa: (60, 60)));
        await using var second = new LoopbackDnsServer(_ => new WireReply(0, [new(A, [192, 0, 2, 1])]));
        (await Resolver(false, first, second).QueryAsync("name.example", DnsRecordType.A, Token)).Status.ShouldBe(DnsStatus.NxDomain);
        second.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_cut_answer_is_fetched_by_TCP()
    {
        var text = new string('x', 200);
        await using var server = new LoopbackDnsServer(
            _ => new WireReply(0, [new(Txt, LoopbackDnsServer.Strings(text, text, text, text, text, text, text, text))]) { IsTruncatedOverUdp = true });
        var answer = await Resolver(false, server).QueryAsync("name.example", DnsRecordType.Txt, Token);
        answer.Records.ShouldBe([new TxtRecord(string.Concat(Enumerable.Repeat(text, 8)))]);
        server.Questions.Select(q => q.IsTcp).ShouldBe([false, true]);
        server.Questions.ShouldAllBe(q => q.HasEdns && !q.WantsDnssec);
    }

    [Fact]
    public async Task The_authenticated_bit_counts_only_when_DNSSEC_was_asked_for()
    {
        await using var server = new LoopbackDnsServer(_ => new WireReply(0, [new(A, [192, 0, 2, 1])], IsAuthentic: true));
        (await Resolver(true, server).QueryAsync("name.example", DnsRecordType.A, Token)).IsAuthenticated.ShouldBeTrue();
        (await Resolver(false, server).QueryAsync("name.example", DnsRecordType.A, Token)).IsAuthenticated.ShouldBeFalse();
        server.Questions.Select(q => q.WantsDnssec).ShouldBe([true, false]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Beyond_loopback_the_authenticated_bit_counts_from_named_servers_only(bool isNamed)
    {
        // An address of this machine's own: what is sent there stays here.
        var own = (await System.Net.Dns.GetHostAddressesAsync(System.Net.Dns.GetHostName(), AddressFamily.InterNetwork, Token)).FirstOrDefault(a => !IPAddress.IsLoopback(a));
        Assert.SkipWhen(own is null, "this machine has loopback only");
        await using var server = new LoopbackDnsServer(_ => new WireReply(0, [new(A, [192, 0, 2, 1])], IsAuthentic: true), own);
        var resolver = new DnsClientResolver(new DnsClientResolverOptions
        {
            Servers = [server.EndPoint],
            Timeout = TimeSpan.FromSeconds(10),
            RequestDnssec = true,
            TrustedServers = isNamed ? [own!] : [],
        });
        (await resolver.QueryAsync("name.example", DnsRecordType.A, Token)).IsAuthenticated.ShouldBe(isNamed);
        server.Questions.ShouldHaveSingleItem().WantsDnssec.ShouldBe(isNamed);
    }

    [Fact]
    public async Task Behind_an_alias_the_answer_tells_where_the_records_stand()
    {
        var answer = await AskAsync(DnsRecordType.A, new WireReply(0, [new(5, LoopbackDnsServer.Name("Real.Example")), new(A, [192, 0, 2, 1], Owner: "Real.Example")]));
        (answer.Status, answer.Owner).ShouldBe((DnsStatus.Success, "Real.Example"));
        (await AskAsync(DnsRecordType.A, new WireReply(0, [new(A, [192, 0, 2, 1])]))).Owner.ShouldBe("name.example");
        (await AskAsync(DnsRecordType.A, new WireReply(3))).Owner.ShouldBeNull();
    }

    [Theory]
    [InlineData("jack&jill=up-a_b3.c.example", "jack&jill=up-a_b3.c.example")]
    [InlineData("example.com'a.example.net", "example.com'a.example.net")]
    [InlineData("a b.(c).\"d\".example.", "a b.(c).\"d\".example")]
    [InlineData("back\\slash.example", "back\\slash.example")]
    [InlineData("xn--e1afmkfd.xn--p1ai", "XN--e1afmkfd.XN--p1ai")]
    [InlineData("xn--\u007f.example", "XN--\u007f.example")]
    [InlineData("\u00c3\u00a9.example", "\u00c3\u00a9.example")]
    public async Task Any_name_that_the_wire_can_carry_is_asked_for(string name, string wire)
    {
        await using var server = new LoopbackDnsServer(_ => new WireReply(0, [new(A, [192, 0, 2, 1])]));
        var answer = await Resolver(false, server).QueryAsync(name, DnsRecordType.A, Token);
        answer.Status.ShouldBe(DnsStatus.Success, answer.Reason);
        server.Questions.Single().Name.ShouldBe(wire);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a.b..")]
    [InlineData("1234567890123456789012345678901234567890123456789012345678901234.example")]
    [InlineData("пример.example")]
    [InlineData("\u00e9.example")]
    public async Task A_name_that_the_wire_cannot_carry_does_not_exist_and_is_not_asked_for(string name)
    {
        await using var server = new LoopbackDnsServer(_ => new WireReply(0, [new(A, [192, 0, 2, 1])]));
        var answer = await Resolver(false, server).QueryAsync(name, DnsRecordType.A, Token);
        answer.Status.ShouldBe(DnsStatus.NxDomain);
        answer.Reason.ShouldNotBeNull();
        server.Questions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Names_in_answers_may_be_anything()
    {
        (await AskAsync(DnsRecordType.Ptr, new WireReply(0, [new(Ptr, LoopbackDnsServer.Name("xn--\u00ff\"\\;x.xn--p1ai"))])))
            .Records.ShouldBe([new NameRecord("xn--\u00ff\"\\;x.xn--p1ai")]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0000818000010001000000000161076578616d706c650000010001c00c")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    public async Task A_broken_packet_is_a_failure(string hex)
    {
        (await AskAsync(DnsRecordType.A, new WireReply { Raw = Convert.FromHexString(hex) })).Status.ShouldBe(DnsStatus.Failure);
    }

    [Fact]
    public async Task An_answer_to_another_question_is_a_failure() =>
        (await AskAsync(DnsRecordType.A, new WireReply(0, [new(A, [192, 0, 2, 1])]) { OtherQuestion = "evil.example" })).Status.ShouldBe(DnsStatus.Failure);

    [Fact]
    public async Task Without_a_server_there_is_no_answer()
    {
        var server = new LoopbackDnsServer(_ => null);
        await server.DisposeAsync();
        var resolver = Impatient(server);
        (await resolver.QueryAsync("name.example", DnsRecordType.A, Token)).Status.ShouldBe(DnsStatus.Failure);
    }

    [Fact]
    public async Task Cancellation_is_the_one_exception()
    {
        await using var server = new LoopbackDnsServer(_ => null);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var pending = Resolver(false, server).QueryAsync("name.example", DnsRecordType.A, cancel.Token);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await pending);
    }
}
