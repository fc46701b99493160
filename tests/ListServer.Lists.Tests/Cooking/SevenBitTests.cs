using System.Text;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;
using MimeKit;

namespace ListServer.Lists.Tests.Cooking;

/// <summary>AUTH-37: the copy for hosts without 8BITMIME (RFC 6152 §3) says the same in ASCII.</summary>
public sealed class SevenBitTests
{
    private const string Head = "From: Zoë <alice@author.example>\r\nTo: news@lists.example\r\nSubject: Grüße an alle\r\nDate: Tue, 24 Nov 2026 00:00:00 +0000\r\nMessage-ID: <1@author.example>\r\nMIME-Version: 1.0\r\n";

    [Fact]
    public void Text_and_header_read_the_same()
    {
        var message = Prepare($"{Head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße from the coast, and more of it \r\n=.\r\n");
        message.From.Mailboxes.Single().Name.ShouldBe("Zoë");
        message.Subject.ShouldBe("Grüße an alle");
        message.Body.ShouldBeOfType<TextPart>().Text.ReplaceLineEndings("\r\n").ShouldBe("Grüße from the coast, and more of it \r\n=.\r\n");
        message.Body!.Headers[HeaderId.ContentTransferEncoding].ShouldBe("quoted-printable");
    }

    [Fact]
    public void Text_that_is_mostly_not_ASCII_is_shorter_in_base64()
    {
        var message = Prepare($"{Head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nこんにちは、みなさん。\r\n");
        message.Body!.Headers[HeaderId.ContentTransferEncoding].ShouldBe("base64");
        message.Body.ShouldBeOfType<TextPart>().Text.ReplaceLineEndings("\r\n").ShouldBe("こんにちは、みなさん。\r\n");
    }

    [Fact]
    public void Parts_are_gone_through_one_by_one()
    {
        const string Ascii = "--b\r\nContent-Type: text/html\r\nX-Odd :\tkept\r\n\r\n<p>ascii \r\n";
        const string Body =
            $"preamble é\r\n{Ascii}--b\r\nContent-Type: application/octet-stream; name=\"é.bin\"\r\nContent-Disposition: attachment; filename=\"é.bin\"\r\nContent-Transfer-Encoding: 8bit\r\n\r\né\r\n"
            + "--b\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: 8bit\r\n\r\nSubject: è\r\nFrom: a@b.example\r\n\r\nè\r\n--b\r\n\r\nno header: é\r\n--b--\r\nepilogue é";
        var octets = Octets($"{Head}Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{Body}");
        Encoding.ASCII.GetString(octets).ShouldContain(Ascii);
        var parts = (Multipart)MimeMessage.Load(new MemoryStream(octets), TestContext.Current.CancellationToken).Body!;
        var file = (MimePart)parts[1];
        file.FileName.ShouldBe("é.bin");
        using var content = new MemoryStream();
        file.Content!.DecodeTo(content, TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(content.ToArray()).ShouldBe("é");
        var inner = ((MessagePart)parts[2]).Message!;
        inner.Subject.ShouldBe("è");
        ((TextPart)inner.Body!).GetText(Encoding.UTF8).ShouldStartWith("è");
        ((TextPart)parts[3]).GetText(Encoding.UTF8).ShouldStartWith("no header: é");
    }

    [Theory]
    [InlineData("quoted-printable", "a=20é b=\r\nc", "a é bc")]
    [InlineData("base64", "YWéJj\r\n", "abc")]
    public void Stray_octets_in_an_encoded_body_do_not_stay(string encoding, string body, string text)
    {
        var message = Prepare($"{Head}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}");
        message.Body.ShouldBeOfType<TextPart>().Text.TrimEnd().ShouldBe(text);
    }

    [Theory]
    [InlineData("From: <é@author.example>\r\nSubject: x\r\n\r\nx\r\n")] // RFC 6531: an address has no form in ASCII
    [InlineData("From: a@author.example\r\nContent-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\né\r\n--b--\r\n")]
    [InlineData("From: a@author.example\r\nContent-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\né\r\n--b--\r\n")]
    [InlineData("From: a@author.example\r\nContent-Type: message/partial; id=1\r\n\r\né\r\n")]
    [InlineData("From: a@author.example\r\nContent-Type: text/plain\r\nContent-Type: text/plain\r\n\r\né\r\n")]
    [InlineData("From: a@author.example\r\nContent-Transfer-Encoding: x-own\r\n\r\né\r\n")]
    [InlineData("From: a@author.example\r\nReferences: <é@author.example>\r\n\r\nx\r\n")]
    public void What_has_no_form_in_ASCII_stays_as_it_is(string message) =>
        Octets(message).ShouldContain((byte)0xC3);

    [Fact]
    public void A_message_in_ASCII_is_the_same_copy()
    {
        const string Ascii = "From: a@author.example\r\nSubject: x\r\nContent-Transfer-Encoding: base64\r\n\r\nYWJj\r\n";
        Octets(Ascii).ShouldBe(KitchenTests.Prepare(Reports.List, Ascii).ToOctets());
    }

    [Fact]
    public void It_is_a_change_like_any_other_to_the_author_s_signature() // AUTH-71
    {
        var prepared = Make($"{Head}\r\né\r\n", Reports.List);
        prepared.Modifications.ShouldContain(m => m.Kind == ModificationKind.Form && m.Target == "body" && m.ChangesPost);
    }

    private static MimeMessage Prepare(string message)
    {
        var octets = Octets(message);
        octets.ShouldAllBe(octet => octet < 128);
        return MimeMessage.Load(new MemoryStream(octets), TestContext.Current.CancellationToken);
    }

    private static byte[] Octets(string message) => Make(message, Reports.List).ToOctets();

    private static PreparedPost Make(string message, MailingList list)
    {
        var octets = Encoding.UTF8.GetBytes(message);
        var report = Reports.Alice with { Dkim = [], Dmarc = Reports.Alice.Dmarc with { DkimAligned = false } };
        return Kitchen.Prepare(list, KitchenTests.PostOf(list, octets, report), RawMessage.Parse(octets), KitchenTests.Options with { IsSevenBit = true });
    }
}
