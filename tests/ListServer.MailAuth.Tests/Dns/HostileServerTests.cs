using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Tests.Dns;

/// <summary>DnsClientResolver against a server that means harm: nothing but a failure comes of it, and soon (AUTH-98).</summary>
public sealed class HostileServerTests
{
    private const ushort A = 1;
    private const ushort CName = 5;
    private const ushort Txt = 16;

    /// <summary>Where the first answer begins, behind the header and the question for name.example.</summary>
    private const int Answer = 12 + 14 + 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<DnsAnswer> AskAsync(DnsRecordType type, Func<WireQuestion, WireReply?> answer, double seconds = 5)
    {
        await using var server = new LoopbackDnsServer(answer);
        var resolver = new DnsClientResolver(new DnsClientResolverOptions { Servers = [server.EndPoint], Timeout = TimeSpan.FromSeconds(seconds) });
        return await resolver.QueryAsync("name.example", type, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    public static TheoryData<string, Func<byte[], byte[]>> Damages => new()
    {
        { "another id", p => { p[0] ^= 0xFF; return p; } },
        { "more answers than there are", p => { p[6] = 0xFF; p[7] = 0xFF; return p; } },
        { "no question", p => { p[5] = 0; return [.. p[..12], .. p[Answer..]]; } },
        { "two questions", p => { p[5] = 2; return [.. p[..Answer], .. p[12..Answer], .. p[Answer..]]; } },
        { "data beyond the end", p => { p[Answer + 10] = 0xFF; return p; } },
        { "a name that points at itself", p => { p[Answer + 1] = Answer; return p; } },
        { "names that point at each other", p => [.. p[..Answer], 0xC0, Answer + 2, 0xC0, Answer, .. p[(Answer + 4)..]] },
        { "a name that points beyond the end", p => { p[Answer] = 0xFF; p[Answer + 1] = 0xFF; return p; } },
        { "an end in the middle", p => p[..(Answer + 5)] },
        { "a header alone", p => p[..12] },
        { "half a header", p => p[..6] },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_packet_is_a_failure(string what, Func<byte[], byte[]> damage)
    {
        var answer = await AskAsync(DnsRecordType.A, _ => new WireReply(Answers: [new WireAnswer(A, [192, 0, 2, 1])]) { Damage = damage });
        answer.Status.ShouldBe(DnsStatus.Failure, what);
        answer.Reason.ShouldNotBeNull().Length.ShouldBeInRange(1, 500);
    }

    [Fact]
    public async Task A_cut_answer_whose_TCP_form_is_cut_as_well_is_a_failure() =>
        (await AskAsync(DnsRecordType.Txt, _ => Big(10) with { IsTruncatedOverUdp = true, Damage = p => p.Length > 100 ? p[..(p.Length / 2)] : p })).Status.ShouldBe(DnsStatus.Failure);

    [Theory]
    [InlineData(1)]
    [InlineData(65_535)]
    public async Task A_TCP_length_that_lies_is_a_failure(int length) =>
        (await AskAsync(DnsRecordType.Txt, _ => Big(10) with { IsTruncatedOverUdp = true, TcpLength = (ushort)length })).Status.ShouldBe(DnsStatus.Failure);

    [Fact]
    public async Task Silence_over_TCP_is_a_failure() =>
        (await AskAsync(DnsRecordType.Txt, q => q.IsTcp ? null : Big(10) with { IsTruncatedOverUdp = true }, seconds: 0.3)).Status.ShouldBe(DnsStatus.Failure);

    [Fact]
    public async Task The_largest_text_is_read_whole()
    {
        var answer = await AskAsync(DnsRecordType.Txt, _ => Big(255) with { IsTruncatedOverUdp = true });
        answer.Records.ShouldHaveSingleItem().ShouldBeOfType<TxtRecord>().Text.Length.ShouldBe(255 * 250);
    }

    [Fact]
    public async Task Aliases_in_a_circle_or_without_an_end_are_no_record()
    {
        WireAnswer Alias(string owner, string target) => new(CName, LoopbackDnsServer.Name(target), Owner: owner);
        (await AskAsync(DnsRecordType.A, _ => new WireReply(Answers: [Alias("name.example", "b.example"), Alias("b.example", "name.example")]))).Status.ShouldBe(DnsStatus.NoData);
        var chain = Enumerable.Range(0, 255).Select(i => Alias(i == 0 ? "name.example" : $"a{i}.example", $"a{i + 1}.example")).ToArray();
        (await AskAsync(DnsRecordType.A, q => new WireReply(Answers: chain) { IsTruncatedOverUdp = true })).Status.ShouldBe(DnsStatus.NoData);
    }

    private static WireReply Big(int strings) => new(Answers: [new WireAnswer(Txt, LoopbackDnsServer.Strings([.. Enumerable.Repeat(new string('x', 250), strings)]))]);
}
