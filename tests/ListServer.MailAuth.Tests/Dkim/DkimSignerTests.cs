using System.Text;
using CsCheck;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Tests.Dkim;

/// <summary>AUTH-29 … AUTH-34.</summary>
public sealed class DkimSignerTests
{
    public static IEnumerable<TheoryDataRow<string>> Kinds => [new("rsa"), new("ed25519")];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_signed_message_verifies(string kind)
    {
        var result = await Letters.VerifyOneAsync(Sign(Letters.Message(), kind));
        result.Verdict.ShouldBe(DkimVerdict.Pass, result.Reason);
        result.Domain.ShouldBe("lists.example");
        result.Identity.ShouldBe("@lists.example");
        result.Algorithm.ShouldBe(kind + "-sha256");
        result.CoversWholeBody.ShouldBeTrue();
        result.KeyRecord.ShouldBe((kind == "rsa" ? Letters.Rsa : Letters.Ed25519).DnsRecord);
    }

    [Fact]
    public void The_field_is_relaxed_without_a_length_and_folded_at_78()
    {
        var field = Encoding.ASCII.GetString(Signer("rsa").Sign(Letters.Message()));
        field.ShouldStartWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=lists.example; s=s1;\r\n\tt=1800000000; x=1800604800;");
        field.ShouldEndWith("\r\n");
        field.ShouldNotContain("l=1");
        field.Split("\r\n")[..^1].ShouldAllBe(line => line.Length <= 78);
        field.Split("\r\n")[1..^1].ShouldAllBe(line => line.StartsWith('\t'));
    }

    [Fact]
    public void The_h_list_names_what_is_there_and_oversigns_what_could_be_added()
    {
        var field = Encoding.ASCII.GetString(Signer("ed25519").Sign(Letters.Message("Subject: a\nX-Other: 1\nFrom: b\nReturn-Path: <>\nList-Id: c\nList-Id: d\n\n")));
        Tag(field, "h").ShouldBe("subject:subject:from:from:list-id:list-id:reply-to:to:cc:date:content-type:sender");
    }

    [Fact] // AUTH-98: verifiers read no longer list
    public async Task Of_thousands_of_fields_as_many_are_signed_as_verifiers_read()
    {
        var message = Letters.Message(string.Concat(Enumerable.Range(0, 2100).Select(i => $"Content-X: {i}\n")) + "From: a@b.example\n\nx\n");
        var signed = message.Under(Signer("ed25519").Sign(message));
        var result = await Letters.VerifyOneAsync(signed);
        result.Verdict.ShouldBe(DkimVerdict.Pass, result.Reason);
        (await Letters.VerifyOneAsync(signed.With("Content-X: 2099", "Content-X: 2098"))).Verdict.ShouldBe(DkimVerdict.Fail);
    }

    [Fact] // AUTH-98
    public async Task Only_ASCII_letters_are_the_same_in_another_case()
    {
        var options = new DkimSigningOptions { Fields = SignedFields.Exactly("from", "x-a") };
        var message = RawMessage.Parse(Encoding.Latin1.GetBytes("\u00E0: 1\r\n\u00C0: 2\r\nX-A  : 3\r\nFrom: a@b.example\r\n\r\nx\r\n"));
        var signed = message.Under(new DkimSigner(Letters.RsaIdentity, options, Letters.Clock).Sign(message));
        message.Index.Count("\u00E0").ShouldBe(1);
        message.Index.Count("x-a").ShouldBe(1);
        (await Letters.VerifyOneAsync(signed)).Verdict.ShouldBe(DkimVerdict.Pass);
        (await Letters.VerifyOneAsync(signed.With("X-A  : 3", "X-A  : 4"))).Verdict.ShouldBe(DkimVerdict.Fail);
    }

    [Fact]
    public async Task Fields_of_many_names_are_each_found_from_the_bottom_up()
    {
        var fields = string.Concat(Enumerable.Range(0, 3000).Select(i => $"{(i % 2 == 0 ? "X" : "x")}-{i % 1000}: {i}\n"));
        var options = new DkimSigningOptions { Fields = SignedFields.Exactly("from", "x-7", "X-999", "x-7", "x-7", "x-7", "x-1000") };
        var message = Letters.Message().Under(Letters.Octets(fields));
        var signed = message.Under(new DkimSigner(Letters.RsaIdentity, options, Letters.Clock).Sign(message));

        (await Letters.VerifyOneAsync(signed)).Verdict.ShouldBe(DkimVerdict.Pass);
        (await Letters.VerifyOneAsync(signed.With("x-999: 1999", "x-999: 19"))).Verdict.ShouldBe(DkimVerdict.Pass); // only the lowest is named
        foreach (var (part, other) in new[] { ("x-999: 2999", "x-999: 29"), ("x-7: 7\r\n", "x-7: 8\r\n"), ("x-7: 2007", "x-7: 1"), ("X-0: 2000", "x-7: 9"), ("X-2: 2002", "X-1000: 2002") })
        {
            (await Letters.VerifyOneAsync(signed.With(part, other))).Verdict.ShouldBe(DkimVerdict.Fail);
        }
    }

    [Theory]
    [InlineData(994, true)]
    [InlineData(995, false)]
    public async Task A_field_name_that_no_line_of_the_h_list_can_hold_is_not_signed(int octets, bool isSigned)
    {
        var name = "list-" + new string('x', octets - 5);
        var message = Letters.Message().Under(Letters.Octets(name + ": a\n"));
        var field = new DkimSigner(Letters.RsaIdentity, null, Letters.Clock).Sign(message);

        var text = Encoding.ASCII.GetString(field);
        text.Contains(name, StringComparison.Ordinal).ShouldBe(isSigned);
        text.Split("\r\n").ShouldAllBe(line => line.Length <= 998); // RFC 5322 §2.1.1
        (await Letters.VerifyOneAsync(message.Under(field))).Verdict.ShouldBe(DkimVerdict.Pass);
        if (!isSigned)
        {
            Should.Throw<ArgumentException>(() => SignedFields.Exactly("from", name));
        }
    }

    [Fact]
    public void Exactly_the_names_asked_for_are_signed()
    {
        var options = new DkimSigningOptions { Fields = SignedFields.Exactly("from", "X-None", "to").Without("TO"), Lifetime = null };
        var field = Encoding.ASCII.GetString(new DkimSigner(Letters.RsaIdentity, options, Letters.Clock).Sign(Letters.Message()));
        Tag(field, "h").ShouldBe("from:x-none");
        Tag(field, "x").ShouldBe("");
    }

    [Theory]
    [InlineData("Return-Path")]
    [InlineData("received")]
    [InlineData("Authentication-Results")]
    [InlineData("ARC-Seal")]
    [InlineData("a:b")]
    [InlineData("a b")]
    [InlineData("")]
    public void What_is_changed_on_the_way_is_never_signed(string name)
    {
        Should.Throw<ArgumentException>(() => SignedFields.Every([name], []));
        Should.Throw<ArgumentException>(() => SignedFields.Exactly(name));
    }

    [Theory]
    [InlineData("Subject: x")]
    [InlineData("From: x@example.net")]
    [InlineData("To: x@example.net")]
    [InlineData("Cc: x@example.net")]
    [InlineData("Reply-To: x@example.net")]
    [InlineData("Sender: x@example.net")]
    [InlineData("Date: Fri, 15 Jan 2027 08:00:00 +0000")]
    [InlineData("Content-Type: text/html")]
    public async Task An_added_field_breaks_the_signature(string field)
    {
        var signed = Sign(Letters.Message());
        (await Letters.VerifyOneAsync(signed.Under(Letters.Octets(field + "\n")))).Verdict.ShouldBe(DkimVerdict.Fail);
        (await Letters.VerifyOneAsync(signed.With("\r\n\r\nHi", $"\r\n{field}\r\n\r\nHi"))).Verdict.ShouldBe(DkimVerdict.Fail);
    }

    [Fact]
    public async Task A_body_hashed_once_serves_every_recipients_header()
    {
        var body = BodyHash.Compute(Letters.Message().Body.Span);
        foreach (var recipient in new[] { "a@example.net", "b@example.net" })
        {
            var copy = Letters.Message(Letters.Plain.Replace("To: list@lists.example", $"To: {recipient}", StringComparison.Ordinal));
            var signed = copy.Under(Signer("rsa").Sign(copy.Fields, body));
            (await Letters.VerifyOneAsync(signed)).Verdict.ShouldBe(DkimVerdict.Pass);
        }
    }

    [Fact]
    public void A_body_hashed_in_simple_form_is_refused() => Should.Throw<ArgumentException>(() =>
        Signer("rsa").Sign(Letters.Message().Fields, BodyHash.Compute([], Canonicalization.Simple)));

    [Fact]
    public async Task One_signer_serves_many_threads()
    {
        var signer = Signer("rsa");
        var messages = Enumerable.Range(0, 64).Select(i => Letters.Message(Letters.Plain + i)).ToArray();
        var signed = new RawMessage[messages.Length];
        Parallel.For(0, messages.Length, i => signed[i] = messages[i].Under(signer.Sign(messages[i])));
        foreach (var message in signed)
        {
            (await Letters.VerifyOneAsync(message)).Verdict.ShouldBe(DkimVerdict.Pass);
        }
    }

    [Fact]
    public void Whatever_is_signed_verifies_and_no_signed_octet_may_change()
    {
        var text = Gen.OneOf(new[] { "a", "B", " ", "  ", "\t", "ä", ":", ";", "=", ".", "\u0001" }.Select(Gen.Const).ToArray()).Array[0, 30].Select(string.Concat);
        var line = text.Select(t => t + "\n");
        Gen.Select(text, text, line.Array[0, 6], Gen.Int[0, int.MaxValue]).Sample(
            (subject, from, body, at) =>
            {
                var message = Letters.Message($"From: x{from}\nSubject: {subject}\n\n{string.Concat(body)}end\n");
                var signed = Sign(message, "ed25519");
                var changed = signed.Octets.ToArray();
                var position = at % changed.Length;
                changed[position] = changed[position] == 'q' ? (byte)'w' : (byte)'q';
                return VerifySync(signed) == DkimVerdict.Pass && VerifySync(RawMessage.Parse(changed)) != DkimVerdict.Pass;
            },
            iter: 300);
    }

    private static DkimVerdict VerifySync(RawMessage message)
    {
        var results = new DkimVerifier(Letters.Zone, null, Letters.Clock).VerifyAsync(message).GetAwaiter().GetResult();
        return results.Length == 1 ? results[0].Verdict : DkimVerdict.None;
    }

    private static DkimSigner Signer(string kind) =>
        new(kind == "rsa" ? Letters.RsaIdentity : Letters.Ed25519Identity, null, Letters.Clock);

    private static RawMessage Sign(RawMessage message, string kind = "rsa") => message.Under(Signer(kind).Sign(message));

    private static string Tag(string field, string name) => field.Replace("\r\n\t", " ", StringComparison.Ordinal).Split(';', ' ')
        .Aggregate((Value: "", Open: false), (state, part) => part.StartsWith(name + "=", StringComparison.Ordinal) ? (part[(name.Length + 1)..], true)
            : state.Open && part.Length > 0 && !part.Contains('=', StringComparison.Ordinal) ? (state.Value + part, true) : (state.Value, false)).Value;
}
