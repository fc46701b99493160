using System.Text;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.MailAuth.Tests.Arc;

/// <summary>AUTH-41 … AUTH-47; RFC 8617 §5.1.</summary>
public sealed class ArcSealerTests
{
    private const string Results = "lists.example;\r\n\tspf=pass smtp.mailfrom=example.org;\r\n\tdkim=pass header.d=example.org";

    public static IEnumerable<TheoryDataRow<string>> Cases => SuiteCase.Ids("arc-sign");

    [Theory]
    [InlineData(0, ArcVerdict.Fail)]
    [InlineData(5, ArcVerdict.Fail)]
    [InlineData(6, ArcVerdict.Pass)]
    public async Task A_message_signature_that_leaves_out_body_octets_is_none(int length, ArcVerdict expected)
    {
        var bodyHash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData("Evil\r\n"u8[..length]));
        const string results = "i=1; lists.example; dmarc=pass";
        var signature = Signed("from:ann@example.org\r\narc-message-signature:",
            $"i=1; a=rsa-sha256; c=relaxed/relaxed; d=lists.example; s=s1; l={length}; h=from; bh={bodyHash}; b=");
        var seal = Signed($"arc-authentication-results:{results}\r\narc-message-signature:{signature}\r\narc-seal:",
            "i=1; a=rsa-sha256; cv=none; d=lists.example; s=s1; b=");
        var message = Letters.Message(
            $"ARC-Seal: {seal}\nARC-Message-Signature: {signature}\nARC-Authentication-Results: {results}\nFrom: ann@example.org\n\nEvil\n");

        var result = await new ArcVerifier(Letters.Zone).VerifyAsync(message, TestContext.Current.CancellationToken);

        result.Verdict.ShouldBe(expected, result.Reason);
        result.OldestPass.ShouldBe(expected == ArcVerdict.Pass ? 0 : null);

        static string Signed(string above, string tags) =>
            tags + Convert.ToBase64String(Letters.Rsa.Sign(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(above + tags))));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_set_of_a_suite_case_has_the_expected_tags(string id)
    {
        var item = SuiteCase.Get(id);
        var pem = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Data", "arc-sign", item.Text("keyFile")), TestContext.Current.CancellationToken);
        SigningKey.TryLoad(pem, null, out var key, out var error).ShouldBeTrue(error);
        var time = new FakeTimeProvider(item.Time!.Value);
        var options = new ArcSealingOptions { Fields = SignedFields.Exactly(item.Text("headers").Split(':')) };
        var sealer = new ArcSealer(new SigningIdentity(item.Text("domain"), item.Text("selector"), key), options, time);
        var arrived = await new ArcVerifier(item.Zone, null, time).VerifyAsync(item.Message, TestContext.Current.CancellationToken);

        var isSealed = sealer.TrySeal(item.Message, arrived, ResultsFields.Merge(item.Message, item.Text("authservId")), out var set, out var refusal);

        var expected = item.Expected.GetProperty("seal");
        isSealed.ShouldBe(expected.GetProperty("AS").GetString() is { Length: > 0 }, refusal);
        if (isSealed)
        {
            Tags(set!.Seal, except: "b").ShouldBe(Tags(expected.GetProperty("AS").GetString()!, except: "b"));
            Tags(set.MessageSignature, except: "b").ShouldBe(Tags(expected.GetProperty("AMS").GetString()!, except: "b"));
            Tags(set.AuthenticationResults).ShouldBe(Tags(expected.GetProperty("AAR").GetString()!));
            var again = await new ArcVerifier(item.Zone, null, time).VerifyAsync(item.Message.Under(set.ToOctets()), TestContext.Current.CancellationToken);
            again.Verdict.ShouldBe(arrived.Verdict == ArcVerdict.Fail ? ArcVerdict.Fail : ArcVerdict.Pass, again.Reason);
        }
    }

    [Fact]
    public async Task Each_hop_adds_a_set_that_verifies()
    {
        var message = Letters.Message();
        for (var hop = 1; hop <= 3; hop++)
        {
            message = await SealAsync(message, hop % 2 == 0 ? Letters.Ed25519Identity : Letters.RsaIdentity);
            var result = await VerifyAsync(message);
            result.Verdict.ShouldBe(ArcVerdict.Pass, result.Reason);
            result.Instances.ShouldBe(hop);
            result.OldestPass.ShouldBe(0);
            result.Sealers.ShouldBe(Enumerable.Repeat("lists.example", hop));
            result.NewestResults.ShouldBe(Results);
        }
    }

    [Fact]
    public async Task What_a_hop_changed_shows_in_oldest_pass()
    {
        var message = await SealAsync(Letters.Message());
        message = await SealAsync(message.With("Subject: Is", "Subject: [list] Is"), arrivedAs: await VerifyAsync(message));
        message = await SealAsync(message);
        var result = await VerifyAsync(message);
        result.Verdict.ShouldBe(ArcVerdict.Pass, result.Reason);
        result.OldestPass.ShouldBe(2);
    }

    [Fact]
    public void The_fields_are_folded_and_stand_in_order()
    {
        Sealer().TrySeal(Letters.Message(), None, Results, out var set, out _).ShouldBeTrue();
        var text = Encoding.ASCII.GetString(set!.ToOctets());
        text.ShouldStartWith("ARC-Seal: i=1; a=rsa-sha256; t=1800000000; cv=none; d=lists.example; s=s1;\r\n\tb=");
        text.ShouldContain("\r\nARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=lists.example;\r\n\ts=s1; t=1800000000;");
        text.ShouldEndWith("\r\nARC-Authentication-Results: i=1; " + Results + "\r\n");
        text.Split("\r\n")[..^1].ShouldAllBe(line => line.Length <= 78);
    }

    [Fact]
    public async Task A_chain_newly_found_to_fail_gets_one_set_that_says_so_and_covers_only_itself()
    {
        var changed = (await SealAsync(Letters.Message())).With("Hi.", "Hello.");
        var message = await SealAsync(changed);
        message.Text().ShouldStartWith("ARC-Seal: i=2; a=rsa-sha256; t=1800000000; cv=fail;");
        var result = await VerifyAsync(message);
        result.Verdict.ShouldBe(ArcVerdict.Fail);
        result.AlreadyFailed.ShouldBeTrue();

        // §5.1.2: the seal covers i=2 as if it were alone, so the set alone has the right seal.
        var own = ArcSets.Find(message.Fields[..3]);
        var seal = SealTags.Read(message.Fields[0]);
        var set = new FoundSet(2, message.Fields[2], message.Fields[1], message.Fields[0], seal);
        own.Highest.ShouldBe(2);
        SealHash.Check(seal, SealHash.OfEach([set])[0], KeyRecord.Parse(Letters.Rsa.DnsRecord)).Verdict.ShouldBe(DkimVerdict.Pass);
    }

    [Fact]
    public async Task Nothing_is_added_behind_a_seal_that_says_fail()
    {
        var failed = await SealAsync((await SealAsync(Letters.Message())).With("Hi.", "Hello."));
        Sealer().TrySeal(failed, await VerifyAsync(failed), Results, out _, out var refusal).ShouldBeFalse();
        refusal.ShouldBe("the chain had failed before");
    }

    [Theory]
    [InlineData("ARC-Seal: i=99; cv=pass", 1)]
    [InlineData("ARC-Seal: i=99; cv=fail", 1)]
    [InlineData("ARC-Message-Signature: i=51; b=", 1)]
    [InlineData("ARC-Authentication-Results: i=99; x; none", 1)]
    [InlineData("ARC-Seal: i=7; cv=pass", 8)]
    public async Task A_field_of_no_valid_instance_fails_the_chain_but_does_not_stop_our_seal(string field, int instance)
    {
        // AUTH-44: "newly found: one set, cv=fail, over our own set"; RFC 8617 §4.2.1 knows no position over 50 to stand above.
        var message = Letters.Message().Under(Letters.Octets(field + "\n"));
        (await VerifyAsync(message)).Verdict.ShouldBe(ArcVerdict.Fail);
        (await SealAsync(message)).Text().ShouldStartWith($"ARC-Seal: i={instance}; a=rsa-sha256; t=1800000000; cv=fail;");
    }

    [Fact]
    public async Task A_valid_position_50_leaves_no_place_for_a_seal()
    {
        var message = Letters.Message().Under(Letters.Octets("ARC-Seal: i=50; cv=pass\n"));
        Sealer().TrySeal(message, await VerifyAsync(message), Results, out _, out var refusal).ShouldBeFalse();
        refusal.ShouldBe("the chain has as many sets as it may have");
    }

    [Fact]
    public async Task Of_more_fields_than_fifty_sets_have_the_rest_is_not_read()
    {
        var message = Letters.Message().Under([.. Enumerable.Repeat(Letters.Octets("ARC-Seal: i=1; cv=none\n"), 150), Letters.Octets("ARC-Seal: i=2; cv=none\n")]);
        var result = await VerifyAsync(message);
        result.Verdict.ShouldBe(ArcVerdict.Fail);
        result.Reason.ShouldBe("more than 50 sets");
        result.Instances.ShouldBe(1);
    }

    [Theory]
    [InlineData(998, true)]
    [InlineData(999, false)]
    public void Results_with_a_line_too_long_are_not_sealed(int octets, bool isSealed)
    {
        var results = Results + ";\r\n\t(" + new string('x', octets - 3) + ")";
        Sealer().TrySeal(Letters.Message(), None, results, out _, out var refusal).ShouldBe(isSealed);
        refusal.ShouldBe(isSealed ? null : "the results have a line of more than 998 octets");
    }

    [Fact]
    public async Task There_is_never_a_set_51()
    {
        var message = Letters.Message();
        for (var hop = 1; hop <= 50; hop++)
        {
            message = await SealAsync(message, Letters.Ed25519Identity);
        }

        var result = await VerifyAsync(message);
        result.Verdict.ShouldBe(ArcVerdict.Pass, result.Reason);
        result.Instances.ShouldBe(50);
        Sealer().TrySeal(message, result, Results, out _, out var refusal).ShouldBeFalse();
        refusal.ShouldBe("the chain has as many sets as it may have");
        (await VerifyAsync(message, new ArcVerificationOptions { MaximumSets = 49 })).Reason.ShouldBe("more than 49 sets");
        (await VerifyAsync(message, new ArcVerificationOptions { MaximumHeaderOctets = 1000 })).Reason.ShouldBe("the header is too large");
    }

    [Theory] // AUTH-98
    [InlineData(524_288, true)]
    [InlineData(524_289, false)]
    public void A_header_over_the_cap_is_not_sealed(int octets, bool isSealed)
    {
        var from = "From: a@c.example\r\nX: ";
        var message = RawMessage.Parse(Encoding.Latin1.GetBytes(from + new string('x', octets - from.Length - 2) + "\r\n\r\na\r\n"));

        Sealer().TrySeal(message, None, Results, out _, out var refusal).ShouldBe(isSealed);
        refusal.ShouldBe(isSealed ? null : "the header has more than 524288 octets");
    }

    [Fact]
    public void Without_results_of_ours_there_is_nothing_to_seal()
    {
        Sealer().TrySeal(Letters.Message(), None, null, out _, out var refusal).ShouldBeFalse();
        refusal.ShouldBe("there are no results of ours to put into a set");
    }

    [Fact]
    public async Task A_chain_that_was_taken_out_is_not_continued()
    {
        var arrived = await VerifyAsync(await SealAsync(Letters.Message()));
        Sealer().TrySeal(Letters.Message(), arrived, Results, out _, out var refusal).ShouldBeFalse();
        refusal.ShouldBe("the sets that arrived are not in the message any more");
    }

    [Fact]
    public async Task One_seal_serves_copies_that_differ_in_the_fields_left_out()
    {
        var options = new ArcSealingOptions { Fields = SignedFields.StandardForArc.Without("To", "List-Unsubscribe", "DKIM-Signature") };
        new ArcSealer(Letters.RsaIdentity, options, Letters.Clock).TrySeal(Letters.Message(), None, Results, out var set, out _).ShouldBeTrue();
        foreach (var other in new[] { "To: a@example.net", "To: b@example.net\r\nList-Unsubscribe: <https://lists.example/u/b>" })
        {
            var copy = Letters.Message().With("To: list@lists.example", other);
            (await VerifyAsync(copy.Under(set!.ToOctets()))).Verdict.ShouldBe(ArcVerdict.Pass);
        }

        (await VerifyAsync(Letters.Message().With("Subject: Is", "Subject: Was").Under(set!.ToOctets()))).Verdict.ShouldBe(ArcVerdict.Fail);
    }

    [Fact]
    public async Task The_seal_covers_a_DKIM_signature_and_a_body_hashed_before()
    {
        var message = Letters.Message();
        var signed = message.Under(new DkimSigner(Letters.RsaIdentity, null, Letters.Clock).Sign(message));
        Sealer().TrySeal(signed.Fields, BodyHash.Compute(signed.Body.Span), None, Results, out var set, out _).ShouldBeTrue();
        var done = signed.Under(set!.ToOctets());
        (await VerifyAsync(done)).Verdict.ShouldBe(ArcVerdict.Pass);
        (await Letters.VerifyOneAsync(done)).Verdict.ShouldBe(DkimVerdict.Pass);
        (await VerifyAsync(done.With("\tt=1800000000; x=1800604800;", "\tt=1800000000; x=1800604801;"))).Verdict.ShouldBe(ArcVerdict.Fail);
    }

    [Theory]
    [InlineData("")]
    [InlineData("lists.example; none\r\nBcc: x")]
    [InlineData("lists.example; none\nBcc: x")]
    [InlineData("lists.example;\r none")]
    [InlineData("lists.example; none\0")]
    public void Results_that_would_end_the_field_are_a_mistake_of_the_caller(string results) =>
        Should.Throw<ArgumentException>(() => Sealer().TrySeal(Letters.Message(), None, results, out _, out _));

    [Theory]
    [InlineData("servfail")]
    [InlineData("nxdomain")]
    public async Task Every_error_of_DNS_is_a_permanent_fail(string action)
    {
        var message = await SealAsync(Letters.Message());
        var result = await VerifyAsync(message, zone: new ZoneResolver().Fail(Letters.RsaIdentity.DnsName, "TXT", action));
        result.Verdict.ShouldBe(ArcVerdict.Fail);
        result.AlreadyFailed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_changed_message_costs_one_question()
    {
        var zone = new ZoneResolver().Txt(Letters.Ed25519Identity.DnsName, Letters.Ed25519.DnsRecord).Txt(Letters.RsaIdentity.DnsName, Letters.Rsa.DnsRecord);
        var message = (await SealAsync(await SealAsync(Letters.Message()), Letters.Ed25519Identity)).With("Hi.", "Hello.");
        (await VerifyAsync(message, zone: zone)).Reason.ShouldBe("the message signature of set 2: the body hash does not match");
        zone.Questions.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("h=from", "h=arc-seal:from", "the message signature of set 1: h= names ARC fields")]
    [InlineData("h=from", "h=:from:", "the message signature of set 1: the signature does not match the header")] // as the protocol's suite has it
    [InlineData("cv=none", "cv=pass", "the seal of set 1 says cv=pass")]
    [InlineData("cv=none", "cv=maybe", "the seal of set 1: cv= is not none, pass or fail")]
    [InlineData("cv=none;", "cv=none; h=from;", "the seal of set 1: h= is not allowed")]
    [InlineData("ARC-Seal: i=1", "ARC-Seal: i=2", "set 1 does not consist of one field of each kind")]
    [InlineData("ARC-Seal: i=1", "ARC-Seal: i=0", "an ARC-Seal field without a valid i=: i= is not an instance")]
    [InlineData("ARC-Seal: i=1", "ARC-Seal: i=51", "more than 50 sets")]
    [InlineData("ARC-Seal: i=1", "ARC-Seal: i=99", "more than 50 sets")]
    [InlineData("ARC-Seal: i=1", "ARC-Seal: i=1x", "an ARC-Seal field without a valid i=: i= is not an instance")]
    [InlineData("ARC-Seal: i=1;", "ARC-Seal: i=1; i=1;", "an ARC-Seal field without a valid i=: not a tag list: i= stands there twice")]
    [InlineData("Results: i=1;", "Results: lists.example; i=1;", "an ARC-Authentication-Results field without a valid i=")]
    [InlineData("Results: i=1;", "Results: i=1", "an ARC-Authentication-Results field without a valid i=")]
    public async Task A_chain_with_a_fault_fails_with_a_reason(string part, string other, string reason)
    {
        var result = await VerifyAsync((await SealAsync(Letters.Message())).With(part, other));
        result.Verdict.ShouldBe(ArcVerdict.Fail);
        result.Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task The_instance_of_results_may_stand_among_comments()
    {
        var message = await SealAsync(Letters.Message());
        var results = message.Fields[2];
        ArcSets.Find([.. message.Fields[..2], RawMessage.Parse(Letters.Octets("ARC-Authentication-Results: (a) i (b) = (c) 1 (d); x; none\n")).Fields[0]]).Defect.ShouldBeNull();
        results.Is("arc-authentication-results").ShouldBeTrue();
    }

    private static readonly ArcResult None = new(ArcVerdict.None, 0, null, [], false, "no ARC set");

    private static ArcSealer Sealer(SigningIdentity? identity = null) => new(identity ?? Letters.RsaIdentity, null, Letters.Clock);

    private static async Task<RawMessage> SealAsync(RawMessage message, SigningIdentity? identity = null, ArcResult? arrivedAs = null)
    {
        Sealer(identity).TrySeal(message, arrivedAs ?? await VerifyAsync(message), Results, out var set, out var refusal).ShouldBeTrue(refusal);
        return message.Under(set!.ToOctets());
    }

    private static Task<ArcResult> VerifyAsync(RawMessage message, ArcVerificationOptions? options = null, IDnsResolver? zone = null) =>
        new ArcVerifier(zone ?? Letters.Zone, options, Letters.Clock).VerifyAsync(message, TestContext.Current.CancellationToken);

    private static string[] Tags(ReadOnlyMemory<byte> field, string? except = null)
    {
        var text = Encoding.UTF8.GetString(field.Span);
        return Tags(text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..], except);
    }

    /// <summary>The parts between semicolons without white space, sorted.</summary>
    private static string[] Tags(string value, string? except = null) =>
    [
        .. value.Split(';').Select(t => string.Concat(t.Where(c => !char.IsWhiteSpace(c)))).Where(t => t.Length > 0 && (except is null || !t.StartsWith(except + "=", StringComparison.Ordinal))).Order(StringComparer.Ordinal),
    ];
}
