using System.Text;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Tests.Dkim;

/// <summary>RFC 6376 §6, RFC 8301, RFC 8616; AUTH-25 … AUTH-28, AUTH-71, AUTH-98.</summary>
public sealed class DkimVerifierTests
{
    private const string Good = "v=1; a=rsa-sha256; d=lists.example; s=s1; h=from; bh=AAAA; b=AAAA";
    private static readonly string RsaKey = Letters.Rsa.DnsRecord;

    [Theory]
    [InlineData(4, "the signature does not match the header")]
    [InlineData(5, "the exponent of the RSA key is too long")]
    [InlineData(255, "the exponent of the RSA key is too long")]
    public async Task A_key_with_a_giant_exponent_is_not_computed_with(int octets, string reason)
    {
        var modulus = new byte[256];
        Array.Fill(modulus, (byte)0xF1);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(modulus);
            writer.WriteIntegerUnsigned(modulus.AsSpan(..octets));
        }

        var zone = new ZoneResolver().Txt("s1._domainkey.lists.example", "p=" + Convert.ToBase64String(writer.Encode()));
        var result = await Letters.VerifyOneAsync(Signed(), zone);
        result.Verdict.ShouldBe(octets > 4 ? DkimVerdict.Policy : DkimVerdict.Fail);
        result.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("v=1;", "", "v= is not 1")]
    [InlineData("v=1;", "v=2;", "v= is not 1")]
    [InlineData("a=rsa-sha256;", "", "a= is missing")]
    [InlineData("a=rsa-sha256;", "a=rsa-sha512;", "a= is not a known algorithm")]
    [InlineData("b=AAAA", "b=", "b= is not base64")]
    [InlineData("; b=AAAA", "", "b= is missing")]
    [InlineData("bh=AAAA", "bh=*", "bh= is not base64")]
    [InlineData("bh=AAAA;", "", "bh= is missing")]
    [InlineData("d=lists.example;", "", "d= is missing")]
    [InlineData("d=lists.example", "d=", "d= is not a domain name")]
    [InlineData("d=lists.example", "d=lists.example.", "d= is not a domain name")]
    [InlineData("d=lists.example", "d=.example", "d= is not a domain name")]
    [InlineData("d=lists.example", "d=a..b", "d= is not a domain name")]
    [InlineData("d=lists.example", "d=example.com'a.example.net", "d= is not a domain name")]
    [InlineData("s=s1;", "", "s= is missing")]
    [InlineData("s=s1", "s=a b", "s= is not a selector")]
    [InlineData("s=s1", "s=s1\0.example", "not a tag list: s= holds a control character")]
    [InlineData("h=from;", "", "h= is missing")]
    [InlineData("h=from", "h=", "h= holds what is not a field name")]
    [InlineData("h=from", "h=from:subject:", "h= holds what is not a field name")]
    [InlineData("h=from", "h=:from:subject", "h= holds what is not a field name")]
    [InlineData("h=from", "h=from: :subject", "h= holds what is not a field name")]
    [InlineData("h=from", "h=to:subject", "h= does not name From")]
    [InlineData("h=from", "h=from:a b", "h= holds what is not a field name")]
    [InlineData("h=from", "h=from; c=nowsp", "c= is not a known canonicalization")]
    [InlineData("h=from", "h=from; c=relaxed/", "c= is not a known canonicalization")]
    [InlineData("h=from", "h=from; t=yesterday", "t= is not a time")]
    [InlineData("h=from", "h=from; t=", "t= is not a time")]
    [InlineData("h=from", "h=from; x=-1", "x= is not a time")]
    [InlineData("h=from", "h=from; x=1234567890123", "x= is not a time")]
    [InlineData("h=from", "h=from; t=2000000000; x=2000000000", "x= is not after t=")]
    [InlineData("h=from", "h=from; l=all", "l= is not a length")]
    [InlineData("h=from", "h=from; q=http", "q= names no known query method")]
    [InlineData("h=from", "h=from; q=dns/txt:", "q= holds an empty query method")]
    [InlineData("h=from", "h=from; q=", "q= holds an empty query method")]
    [InlineData("h=from", "h=from; i=ann", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=a@b@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=a=20b@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=a=0D=0Ab@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=a=00@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=a=C2=85b@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=a=FF@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=\"a=0D\"@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=\"a\"b@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=\"a\\\"@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=\"a@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=a@lists.example=0D", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=@", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=a=4@lists.example", "i= is not an identity")]
    [InlineData("h=from", "h=from; i=@example", "i= is not within d=")]
    [InlineData("h=from", "h=from; i=@evillists.example", "i= is not within d=")]
    [InlineData("h=from", "h=from; a=rsa-sha256", "not a tag list: a= stands there twice")]
    [InlineData("h=from", "h=from;;", "not a tag list: an empty tag at octet 50")]
    public async Task A_field_that_breaks_the_rules_is_a_permanent_error_with_a_reason(string part, string other, string reason)
    {
        Good.ShouldContain(part);
        var zone = Letters.Zone;
        var result = await Letters.VerifyOneAsync(With(Good.Replace(part, other, StringComparison.Ordinal)), zone);
        result.Verdict.ShouldBe(DkimVerdict.PermError);
        result.Reason.ShouldBe(reason);
        zone.Questions.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("i=@lists.example", "@lists.example")]
    [InlineData("i=@Sub.Lists.Example", "@sub.lists.example")]
    [InlineData("i==61nn\r\n =40 lists.example", "ann@lists.example")]
    [InlineData("i=ann+b.c/d@lists.example", "ann+b.c/d@lists.example")]
    [InlineData("i=\"a=40b\\\"=20c\"@lists.example", "\"a@b\\\" c\"@lists.example")]
    [InlineData("i==C3=A4@lists.example", "\u00e4@lists.example")]
    [InlineData("i=.taro..o.@lists.example", ".taro..o.@lists.example")]
    [InlineData("q=x:dns/txt", "@lists.example")]
    [InlineData("l=99999999999999999999999999999999999999", "@lists.example")]
    [InlineData("z=From:a@b|To:c", "@lists.example")]
    public async Task A_field_that_keeps_them_is_held_against_the_message(string tag, string identity)
    {
        var result = await Letters.VerifyOneAsync(With(Good.Replace("h=from", "h=from; " + tag, StringComparison.Ordinal)));
        result.Verdict.ShouldBe(DkimVerdict.Fail);
        result.Identity.ShouldBe(identity);
        result.Signature.ShouldBe("AAAA");
    }

    [Fact]
    public async Task Names_in_U_labels_are_asked_for_in_A_labels()
    {
        var zone = Letters.Zone;
        var field = Encoding.UTF8.GetBytes("DKIM-Signature: v=1; a=rsa-sha256; d=Bücher.example; s=schlüssel; i=ä@bücher.example; h=from; bh=AAAA; b=AAAA\r\n");
        var result = await Letters.VerifyOneAsync(Letters.Message().Under(field), zone);
        result.Domain.ShouldBe("xn--bcher-kva.example");
        result.Identity.ShouldBe("ä@xn--bcher-kva.example");
        zone.Questions.ShouldHaveSingleItem().Name.ShouldBe("xn--schlssel-95a._domainkey.xn--bcher-kva.example");
    }

    [Fact]
    public async Task Rsa_sha1_is_not_acceptable()
    {
        var result = await Letters.VerifyOneAsync(With(Good.Replace("rsa-sha256", "rsa-sha1", StringComparison.Ordinal)));
        result.Verdict.ShouldBe(DkimVerdict.Policy);
        result.Reason.ShouldBe("rsa-sha1 is not acceptable");
    }

    [Theory]
    [InlineData("v=DKIM1; k=rsa; {p}", DkimVerdict.Pass, "the signature verifies")]
    [InlineData("{p}", DkimVerdict.Pass, "the signature verifies")]
    [InlineData("k=rsa; h=sha1:sha256; s=tlsrpt:email; t=s:y; n=note; x_unknown=1; g=*; {p}", DkimVerdict.Pass, "the signature verifies; the key is in test mode")]
    [InlineData("k=rsa; {p}; v=DKIM1", DkimVerdict.PermError, "v= is not the first tag of the key record")]
    [InlineData("v=DKIM2; {p}", DkimVerdict.PermError, "v= of the key record is not DKIM1")]
    [InlineData("v=dkim1; {p}", DkimVerdict.PermError, "v= of the key record is not DKIM1")]
    [InlineData("h=sha1; {p}", DkimVerdict.PermError, "h= of the key record does not allow sha256")]
    [InlineData("s=tlsrpt; {p}", DkimVerdict.PermError, "s= of the key record does not allow mail")]
    [InlineData("k=dsa; {p}", DkimVerdict.PermError, "k= of the key record is not a known key type")]
    [InlineData("k=rsa", DkimVerdict.PermError, "p= is missing from the key record")]
    [InlineData("k=rsa; p=", DkimVerdict.PermError, "the key is revoked: p= is empty")]
    [InlineData("p=AAAA", DkimVerdict.PermError, "p= of the key record is not a public key of type rsa")]
    [InlineData("k=ed25519; p=AAAA", DkimVerdict.PermError, "p= of the key record is not a public key of type ed25519")]
    [InlineData("k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", DkimVerdict.PermError, "the key is of another type than a= says")]
    [InlineData("v=spf1 -all", DkimVerdict.PermError, "v= of the key record is not DKIM1")]
    [InlineData("hello", DkimVerdict.PermError, "the key record is not a tag list: a tag without \"=\" at octet 0")]
    public async Task A_key_record_has_its_result(string record, DkimVerdict verdict, string reason)
    {
        var zone = new ZoneResolver().Txt(Letters.RsaIdentity.DnsName, record.Replace("{p}", RsaKey[RsaKey.IndexOf("p=", StringComparison.Ordinal)..], StringComparison.Ordinal));
        var result = await Letters.VerifyOneAsync(Signed(), zone);
        result.Verdict.ShouldBe(verdict, result.Reason);
        result.Reason.ShouldBe(reason);
    }

    [Theory] // AUTH-98
    [InlineData(4096, DkimVerdict.Pass)]
    [InlineData(4097, DkimVerdict.PermError)]
    public async Task A_key_record_has_its_longest_length(int length, DkimVerdict verdict)
    {
        var zone = new ZoneResolver().Txt(Letters.RsaIdentity.DnsName, RsaKey + "; n=".PadRight(length - RsaKey.Length, 'x'));
        var result = await Letters.VerifyOneAsync(Signed(), zone);
        (result.Verdict, verdict == DkimVerdict.Pass || result.Reason == "the key record is longer than 4096 octets").ShouldBe((verdict, true));
    }

    [Theory]
    [InlineData(512, DkimVerdict.Policy, "an RSA key of 512 bits is too short")]
    [InlineData(768, DkimVerdict.Policy, "an RSA key of 768 bits is too short")]
    [InlineData(1024, DkimVerdict.Fail, "the signature does not match the header")]
    [InlineData(4096, DkimVerdict.Fail, "the signature does not match the header")]
    [InlineData(4104, DkimVerdict.Policy, "an RSA key of 4104 bits is too long")] // RFC 8301 §3.2, AUTH-25
    [InlineData(8192, DkimVerdict.Policy, "the RSA key is too long")]
    [InlineData(16384, DkimVerdict.Policy, "the RSA key is too long")]
    public async Task A_key_too_short_or_too_long_is_not_acceptable(int bits, DkimVerdict verdict, string reason)
    {
        var modulus = new byte[bits / 8];
        Array.Fill(modulus, (byte)0xC5);
        using var rsa = System.Security.Cryptography.RSA.Create(new System.Security.Cryptography.RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });
        var zone = new ZoneResolver().Txt(Letters.RsaIdentity.DnsName, "p=" + Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()));
        var result = await Letters.VerifyOneAsync(Signed(), zone);
        result.Verdict.ShouldBe(verdict);
        result.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("servfail", DkimVerdict.TempError)]
    [InlineData("timeout", DkimVerdict.TempError)]
    [InlineData("nodata", DkimVerdict.PermError)]
    [InlineData("nxdomain", DkimVerdict.PermError)]
    public async Task The_kinds_of_no_answer_are_kept_apart(string action, DkimVerdict verdict) =>
        (await Letters.VerifyOneAsync(Signed(), new ZoneResolver().Fail(Letters.RsaIdentity.DnsName, "TXT", action))).Verdict.ShouldBe(verdict);

    [Fact]
    public async Task Among_several_records_the_one_that_fits_is_used()
    {
        var zone = new ZoneResolver().Txt(Letters.RsaIdentity.DnsName, "v=spf1 -all").Txt(Letters.RsaIdentity.DnsName, Letters.Ed25519.DnsRecord)
            .Txt(Letters.RsaIdentity.DnsName, RsaKey);
        (await Letters.VerifyOneAsync(Signed(), zone)).Verdict.ShouldBe(DkimVerdict.Pass);
    }

    [Theory]
    [InlineData(0, DkimVerdict.Pass)]
    [InlineData(1, DkimVerdict.Fail)]
    public async Task A_signature_past_its_expiry_fails(int secondsLate, DkimVerdict verdict)
    {
        var time = Letters.Clock;
        var verifier = new DkimVerifier(Letters.Zone, null, time);
        time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(secondsLate));
        (await verifier.VerifyAsync(Signed(), TestContext.Current.CancellationToken))[0].Verdict.ShouldBe(verdict);
    }

    [Fact]
    public async Task A_signature_that_leaves_out_the_end_of_the_body_says_so()
    {
        var message = RawMessage.Parse(await File.ReadAllBytesAsync(Path("length.eml"), TestContext.Current.CancellationToken));
        var zone = new ZoneResolver().Txt("s1._domainkey.lists.example", await File.ReadAllTextAsync(Path("length.key"), TestContext.Current.CancellationToken));

        var whole = await Letters.VerifyOneAsync(message, zone);
        whole.Verdict.ShouldBe(DkimVerdict.Pass, whole.Reason);
        whole.CoversWholeBody.ShouldBeTrue();

        var longer = await Letters.VerifyOneAsync(RawMessage.Parse((byte[])[.. message.Octets.Span, .. "Buy now!\r\n"u8]), zone);
        longer.Verdict.ShouldBe(DkimVerdict.Pass, longer.Reason);
        longer.CoversWholeBody.ShouldBeFalse();

        var shorter = await Letters.VerifyOneAsync(RawMessage.Parse(message.Octets[..^8]), zone);
        shorter.Verdict.ShouldBe(DkimVerdict.Fail);
        shorter.Reason.ShouldBe("the body is shorter than l=");
    }

    [Fact]
    public async Task Of_two_thousand_signatures_ten_are_verified_and_one_key_is_asked_for_once()
    {
        var zone = Letters.Zone;
        var field = new DkimSigner(Letters.Ed25519Identity, null, Letters.Clock).Sign(Letters.Message());
        var message = Letters.Message().Under([.. Enumerable.Repeat(field, 2000)]);
        var results = await Letters.VerifyAsync(message, zone, new DkimVerificationOptions { MaximumHeaderOctets = int.MaxValue });
        results.Length.ShouldBe(2000);
        results[..10].ShouldAllBe(r => r.Verdict == DkimVerdict.Pass);
        results[10..].ShouldAllBe(r => r.Verdict == DkimVerdict.Policy && r.Domain.Length == 0 && r.Signature.Length == 0);
        zone.Questions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_caps_are_options()
    {
        (await Letters.VerifyAsync(Signed(), options: new DkimVerificationOptions { MaximumSignatures = 0 }))[0].Verdict.ShouldBe(DkimVerdict.Policy);
        (await Letters.VerifyAsync(Signed(), options: new DkimVerificationOptions { MaximumHeaderOctets = 100 }))[0].Verdict.ShouldBe(DkimVerdict.Policy);
    }

    [Fact]
    public async Task An_authors_signature_survives_what_it_does_not_cover()
    {
        var signed = Signed();
        var earlier = await Letters.VerifyOneAsync(signed);
        var listed = signed.Under(Letters.Octets("X-Loop: list\n"));
        var again = VerifyAgain(listed, earlier, Letters.Now);
        again.ShouldBe(earlier);

        VerifyAgain(signed.With("Subject: Is", "Subject: [list] Is"), earlier, Letters.Now).Verdict.ShouldBe(DkimVerdict.Fail);
        VerifyAgain(signed.With("Hi.", "Hello."), earlier, Letters.Now).Verdict.ShouldBe(DkimVerdict.Fail);
        VerifyAgain(signed, earlier, Letters.Now.AddDays(8)).Verdict.ShouldBe(DkimVerdict.Fail);
    }

    [Fact]
    public async Task Each_of_two_signatures_of_one_key_is_found_again_by_its_value()
    {
        var first = Signed();
        var both = first.Under(new DkimSigner(Letters.RsaIdentity, new DkimSigningOptions { Lifetime = null }, Letters.Clock).Sign(first));
        var results = await Letters.VerifyAsync(both);
        results.Length.ShouldBe(2);
        foreach (var result in results)
        {
            VerifyAgain(both, result, Letters.Now).ShouldBe(result);
        }

        var without = RawMessage.Parse(both.Octets[both.Fields[0].Octets.Length..]);
        VerifyAgain(without, results[0], Letters.Now).Reason.ShouldBe("the signature field is gone");
        VerifyAgain(without, results[1], Letters.Now).Verdict.ShouldBe(DkimVerdict.Pass);
    }

    [Fact]
    public async Task What_had_no_key_is_not_verified_again()
    {
        var earlier = await Letters.VerifyOneAsync(Signed(), new ZoneResolver());
        VerifyAgain(Signed(), earlier, Letters.Now).ShouldBeSameAs(earlier);
    }

    [Fact]
    public async Task A_signature_does_not_cover_itself()
    {
        var options = new DkimSigningOptions { Fields = SignedFields.Exactly("from", "dkim-signature") };
        var message = Letters.Message();
        var signed = message.Under(new DkimSigner(Letters.RsaIdentity, options, Letters.Clock).Sign(message));
        (await Letters.VerifyOneAsync(signed)).Verdict.ShouldBe(DkimVerdict.Pass);
    }

    [Theory]
    [InlineData(1999, DkimVerdict.Fail, "the body hash does not match")]
    [InlineData(2000, DkimVerdict.Policy, "h= holds more than 2000 names")]
    public async Task An_h_list_has_two_thousand_names_at_most(int others, DkimVerdict verdict, string reason)
    {
        var names = string.Concat(Enumerable.Repeat(":a", others));
        var result = await Letters.VerifyOneAsync(With(Good.Replace("h=from", "h=from" + names, StringComparison.Ordinal)));
        result.Verdict.ShouldBe(verdict);
        result.Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task Signatures_with_different_lengths_are_each_held_against_their_part_of_the_body()
    {
        var body = Letters.Octets("One  two \n\nthree\n\n\n");
        foreach (var canonicalization in new[] { "simple", "relaxed" })
        {
            var canonical = canonicalization == "simple" ? "One  two \r\n\r\nthree\r\n"u8.ToArray() : "One two\r\n\r\nthree\r\n"u8.ToArray();
            byte[][] fields = [.. new[] { 10, 0, canonical.Length, 3, 10, canonical.Length + 1, canonical.Length - 1 }.Select(l => Field(l, canonical[..Math.Min(l, canonical.Length)], canonicalization))];
            var results = await Letters.VerifyAsync(RawMessage.Parse((byte[])[.. fields.SelectMany(f => f), .. "From: a@b.example\r\n\r\n"u8, .. body]));
            results.Select(r => r.Reason).ShouldBe(
            [
                .. Enumerable.Repeat("the signature does not match the header", 5), "the body is shorter than l=", "the signature does not match the header",
            ]);
            results.Select(r => r.CoversWholeBody).ShouldBe([false, false, true, false, false, true, false]);
        }

        static byte[] Field(int length, byte[] part, string canonicalization) => Letters.Octets(
            $"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/{canonicalization}; d=lists.example; s=s1; h=from; l={length}; b=AAAA; bh={Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(part))}\n");
    }

    [Fact]
    public async Task Keys_tried_in_vain_are_counted_for_the_whole_message()
    {
        var zone = new ZoneResolver();
        using var other = System.Security.Cryptography.RSA.Create(1024);
        for (var i = 0; i < 3; i++)
        {
            zone.Txt(Letters.RsaIdentity.DnsName, $"v=DKIM1; n={i}; p={Convert.ToBase64String(other.ExportSubjectPublicKeyInfo())}");
        }

        zone.Txt(Letters.RsaIdentity.DnsName, RsaKey);
        var field = new DkimSigner(Letters.RsaIdentity, null, Letters.Clock).Sign(Letters.Message());
        var results = await Letters.VerifyAsync(Letters.Message().Under([.. Enumerable.Repeat(field, 10)]), zone);
        results.Count(r => r.Verdict == DkimVerdict.Pass).ShouldBe(5);
    }

    [Fact]
    public async Task A_signature_is_found_again_under_a_copy_of_it_that_fails()
    {
        var signed = Signed();
        var earlier = await Letters.VerifyOneAsync(signed);
        var field = Encoding.Latin1.GetString(signed.Fields[0].Octets.Span);
        var copy = Encoding.Latin1.GetBytes(field.Replace("h=from", "h=x-other:from", StringComparison.Ordinal));
        VerifyAgain(signed.Under(copy), earlier, Letters.Now).ShouldBe(earlier);
        VerifyAgain(signed.With("Hi.", "Hello.").Under(copy), earlier, Letters.Now).Verdict.ShouldBe(DkimVerdict.Fail);
    }

    [Fact]
    public async Task Ten_signatures_with_nine_twins_each_cost_no_more_than_those_that_were_verified() // AUTH-98
    {
        var signed = Signed();
        var field = Encoding.Latin1.GetString(signed.Fields[0].Octets.Span);
        byte[][] twins = [.. Enumerable.Range(0, 100).Select(i => Encoding.Latin1.GetBytes(field.Replace("h=from", $"l={i}; h=from", StringComparison.Ordinal)))];
        var among = RawMessage.Parse((byte[])[.. twins.SelectMany(t => t), .. signed.Octets.Span]);
        var earlier = await Letters.VerifyOneAsync(signed);

        // The thirty uppermost are read; below them nothing was verified before.
        VerifyAgain(among, earlier, Letters.Now).Verdict.ShouldBe(DkimVerdict.Fail);
        VerifyAgain(RawMessage.Parse((byte[])[.. twins.Take(29).SelectMany(t => t), .. signed.Octets.Span]), earlier, Letters.Now).ShouldBe(earlier);
    }

    [Fact]
    public async Task Records_beyond_the_first_at_a_name_are_counted_for_the_whole_message() // AUTH-98
    {
        var zone = new ZoneResolver();
        foreach (var i in Enumerable.Range(0, 10))
        {
            var name = Letters.RsaIdentity.DnsName.Replace("s1.", $"s{i}.", StringComparison.Ordinal);
            for (var junk = 0; junk < 10; junk++)
            {
                zone.Txt(name, $"v=DKIM1; n={junk}; p=AAAA");
            }

            zone.Txt(name, RsaKey);
        }

        byte[][] fields = [.. Enumerable.Range(0, 10).Select(i => new DkimSigner(
            new SigningIdentity(Letters.RsaIdentity.Domain, $"s{i}", Letters.RsaIdentity.Key), null, Letters.Clock).Sign(Letters.Message()))];
        var results = await Letters.VerifyAsync(Letters.Message().Under(fields), zone);
        results.Count(r => r.Verdict == DkimVerdict.Pass).ShouldBe(6);
        results.Count(r => r.Verdict == DkimVerdict.PermError).ShouldBe(4);
    }

    [Fact]
    public async Task Records_at_one_name_are_counted_once_however_many_signatures_name_it()
    {
        var zone = new ZoneResolver();
        for (var junk = 0; junk < 15; junk++)
        {
            zone.Txt(Letters.RsaIdentity.DnsName, $"junk {junk}");
        }

        zone.Txt(Letters.RsaIdentity.DnsName, RsaKey);
        var field = new DkimSigner(Letters.RsaIdentity, null, Letters.Clock).Sign(Letters.Message());
        var results = await Letters.VerifyAsync(Letters.Message().Under([.. Enumerable.Repeat(field, 10)]), zone);
        results.ShouldAllBe(r => r.Verdict == DkimVerdict.Pass);
    }

    private static DkimResult VerifyAgain(RawMessage message, DkimResult earlier, DateTimeOffset now) => DkimVerifier.VerifyAgain(message, [earlier], now)[0];

    private static RawMessage With(string tags) => Letters.Message().Under(Letters.Octets($"DKIM-Signature: {tags}\n"));

    private static RawMessage Signed()
    {
        var message = Letters.Message();
        return message.Under(new DkimSigner(Letters.RsaIdentity, null, Letters.Clock).Sign(message));
    }

    private static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "dkim", name);
}
