using System.Net;
using ListServer.Lists.Publishing;

namespace ListServer.Lists.Tests.Publishing;

/// <summary>Records as a zone file has them.</summary>
public sealed class PublishedRecordTests
{
    [Theory]
    [InlineData("v=spf1 -all", "\"v=spf1 -all\"")]
    [InlineData("say \"hi\\\"", "\"say \\\"hi\\\\\\\"\"")]
    public void A_text_stands_in_quotation_marks(string text, string quoted) => PublishedRecord.Quoted(text).ShouldBe(quoted); // RFC 1035 §5.1

    [Fact]
    public void A_long_text_is_several_strings_of_255_octets_at_the_most() // RFC 1035 §3.3
    {
        var text = new string('a', 255) + new string('b', 255) + "c";
        PublishedRecord.Quoted(text).ShouldBe($"( \"{new string('a', 255)}\" \"{new string('b', 255)}\" \"c\" )");
        PublishedRecord.Quoted(text[..255]).ShouldBe($"\"{new string('a', 255)}\"");
    }

    [Theory]
    [InlineData("192.0.2.25", "25.2.0.192.in-addr.arpa")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")] // RFC 3596 §2.5
    public void An_address_has_its_name_backwards(string address, string name) => PublishedRecord.ReverseName(IPAddress.Parse(address)).ShouldBe(name);

    [Fact]
    public void The_policy_s_id_is_another_one_as_soon_as_the_policy_is() // RFC 8461 §3.1
    {
        var testing = DomainRecords.StsId(DomainRecords.StsPolicy(new PublicFace("mx.example.org"))!);
        testing.ShouldMatch("^[0-9a-f]{20}$");
        DomainRecords.StsId(DomainRecords.StsPolicy(new PublicFace("mx.example.org") { Sts = StsWish.Enforce })!).ShouldNotBe(testing);
    }
}
