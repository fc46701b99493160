using System.Text;
using ListServer.Lists.Cooking;
using MimeKit;

namespace ListServer.Lists.Tests.Cooking;

public sealed class LongLinesTests
{
    private const string Head = "From: alice@author.example\r\nTo: news@lists.example\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n";
    private static readonly string Long = new('x', 3_000);

    public static TheoryData<string, string> Entities() => new()
    {
        { "text", $"Content-Type: text/plain; charset=us-ascii\r\n\r\n{Long}\r\nend\r\n" },
        { "no type", $"\r\n{Long}\r\nend" },
        { "attachment", $"Content-Type: application/x-thing\r\nContent-Transfer-Encoding: binary\r\n\r\n{Long}\r\n" },
        { "base64", $"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(Encoding.ASCII.GetBytes(Long))}\r\n" },
        { "quoted-printable", $"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{string.Concat(Enumerable.Repeat("ab=C3=A9 ", 400))}=\r\nc\r\n" },
        { "multipart", $"Content-Type: multipart/mixed; boundary=b\r\n\r\npre\r\n--b\r\n\r\nshort\r\n--b\r\nContent-Type: text/html\r\n\r\n{Long}\r\n--b--\r\npost\r\n" },
        { "nested", $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: multipart/alternative; boundary=\"b b\"\r\n\r\n--b b\r\n\r\nshort\r\n--b b\r\nContent-Type: text/html\r\n\r\n{Long}\r\n--b b--\r\n--b--\r\n" },
        { "forwarded", $"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\n{Long}\r\n" },
    };

    [Theory]
    [MemberData(nameof(Entities))]
    public void Lines_over_998_octets_are_encoded_and_say_the_same(string what, string entity)
    {
        var prepared = KitchenTests.Prepare(Reports.List, Head + entity);
        HasLongLine(prepared).ShouldBeFalse(what);
        prepared.Modifications.ShouldContain(m => m.Kind == ModificationKind.Form);
        Leaves(prepared.ToOctets()).ShouldBe(Leaves(Encoding.Latin1.GetBytes(Head + entity)), what);
    }

    [Fact]
    public void Parts_with_short_lines_keep_their_octets()
    {
        var body = KitchenTests.Text(KitchenTests.Prepare(Reports.List, Head + Entities().Last().Data.Item2.Replace("message/rfc822", "text/x", StringComparison.Ordinal)));
        body.ShouldContain("Content-Transfer-Encoding: base64");
        var mixed = KitchenTests.Text(KitchenTests.Prepare(Reports.List, Head + Entities().ElementAt(5).Data.Item2));
        mixed.ShouldContain("\r\n\r\npre\r\n--b\r\n\r\nshort\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\neHh4");
        mixed.ShouldEndWith("\r\n--b--\r\npost\r\n");
    }

    [Theory]
    [InlineData("References: ", " <a@b>")]
    [InlineData("X-One-Word: ", "abcdef")]
    public void Header_lines_over_998_octets_are_folded(string name, string word)
    {
        var message = $"{name}{string.Concat(Enumerable.Repeat(word, 1_000))}\r\n{Head}\r\nbody\r\n";
        HasLongLine(KitchenTests.Prepare(Reports.List, message)).ShouldBeFalse();
    }

    [Fact]
    public void A_fold_before_white_space_changes_nothing_when_it_is_unfolded()
    {
        var field = $"References: {string.Concat(Enumerable.Repeat(" <a@b>", 1_000))}";
        var folded = KitchenTests.Text(KitchenTests.Prepare(Reports.List, $"{field}\r\n{Head}\r\nbody\r\n"));
        folded.Replace("\r\n ", " ", StringComparison.Ordinal).ShouldContain(field);
    }

    [Fact]
    public void What_is_signed_is_left_whole()
    {
        var message = $"{Head}Content-Type: multipart/signed; boundary=b\r\n\r\n--b\r\n\r\n{Long}\r\n--b\r\n\r\nsignature\r\n--b--\r\n";
        KitchenTests.Text(KitchenTests.Prepare(Reports.List, message)).ShouldEndWith(message);
    }

    private static bool HasLongLine(PreparedPost prepared) => KitchenTests.Text(prepared).Split("\r\n").Any(line => line.Length > 998);

    // The type and the decoded content of every part, line ends at the end aside (some encodings add one).
    private static List<string> Leaves(byte[] message)
    {
        using var stream = new MemoryStream(message);
        var leaves = new List<string>();
        Visit(MimeMessage.Load(stream, TestContext.Current.CancellationToken).Body!);
        return leaves;

        void Visit(MimeEntity entity)
        {
            switch (entity)
            {
                case MimeKit.Multipart multipart:
                    multipart.ToList().ForEach(Visit);
                    break;
                case MessagePart forwarded:
                    Visit(forwarded.Message!.Body!);
                    break;
                case MimePart part:
                    using (var content = new MemoryStream())
                    {
                        part.Content!.DecodeTo(content, TestContext.Current.CancellationToken);
                        leaves.Add($"{part.ContentType.MimeType} {Encoding.Latin1.GetString(content.ToArray()).TrimEnd('\r', '\n').ReplaceLineEndings("\n")}");
                    }

                    break;
            }
        }
    }
}
