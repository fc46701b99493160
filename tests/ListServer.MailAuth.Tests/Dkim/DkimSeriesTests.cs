using System.Text;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Tests.Dkim;

/// <summary>AUTH-34: one signature a recipient, and nothing else twice.</summary>
public sealed class DkimSeriesTests
{
    private const string Header = "Received: by a\r\nList-Unsubscribe: <https://x.example/0>\r\nFrom: A <a@a.example>\r\nList-Unsubscribe: <mailto:b@b.example>\r\nSubject:  one\r\n two\r\n\r\n";

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0)]
    public void A_series_makes_the_octets_that_the_signer_makes_of_each_header(int own)
    {
        foreach (var key in new[] { Letters.RsaIdentity, Letters.Ed25519Identity })
        {
            var signer = new DkimSigner(key, time: Letters.Clock);
            var fields = RawMessage.Parse(Encoding.ASCII.GetBytes(Header)).Fields;
            var body = BodyHash.Compute("text\r\n"u8);
            var series = signer.Series(fields, own, body);
            foreach (var value in new[] { "<https://x.example/1>", " <https://x.example/22>,\r\n\t<mailto:c@c.example>  ", "" })
            {
                var field = RawMessage.Parse(Encoding.ASCII.GetBytes($"{fields[own].Name}: {value}\r\n")).Fields[0];
                series.Sign(field).ShouldBe(signer.Sign(fields.SetItem(own, field), body));
            }
        }
    }

    [Fact]
    public void A_field_of_another_name_is_refused()
    {
        var fields = RawMessage.Parse(Encoding.ASCII.GetBytes(Header)).Fields;
        var series = new DkimSigner(Letters.RsaIdentity, time: Letters.Clock).Series(fields, 1, BodyHash.Compute("text\r\n"u8));
        Should.Throw<ArgumentException>(() => series.Sign(fields[0]));
    }
}
