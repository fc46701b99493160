using System.Text;
using CsCheck;
using ListServer.Lists.Cooking;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.MailAuth.Author;

namespace ListServer.Lists.Tests.Cooking;

/// <summary>Whatever octets come, the kitchen answers, and what it sends is sound.</summary>
public sealed class HostileInputTests
{
    private static readonly string[] Pieces =
    [
        "From: alice@author.example\r\n", "From: \"x\" <alice@author.example>\r\n", "Subject: ", "Re: ", "=?utf-8?q?=0D=0A?=", "=?iso-2022-jp?b?GyRC?=", "=?utf-16?b?AAAA?=", "=?utf-7?q?+AGE-?=",
        "Content-Type: multipart/mixed; boundary=b\r\n", "Content-Type: text/plain; charset=", "shift_jis", "utf-7", "hz-gb-2312", "Content-Type: multipart/mixed;\r\n", "Content-Type: message/rfc822\r\n",
        "Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: quoted-printable\r\n", "Content-Transfer-Encoding: 8bit\r\n", "Content-Type: text/html\r\n", "Content-Type: ", ";", "\"", "(", "\\",
        "\r\n", "\r\n", "\r\n\r\n", "\n", "\r", "\0", " ", "\t", ":", "--b\r\n", "--b--\r\n", "=", "=\r\n", "YQ==", "abc", "\u001b$B", "é", "\u00ff\u00fe", "List-Id: <news.lists.example>\r\n",
        "DKIM-Signature: v=1; d=author.example; b=x\r\n", "Reply-To:\r\n", "Bcc: x@y\r\n", "Authentication-Results: mx.lists.example; dmarc=pass\r\n",
        new string('x', 1_200), string.Concat(Enumerable.Repeat("x ", 700)),
    ];

    private static readonly Gen<string> Message = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 40].Select(string.Concat);

    [Fact]
    public void The_kitchen_always_answers_and_what_leaves_is_sound() => Message.Sample(text =>
    {
        var octets = Encoding.Latin1.GetBytes("From: alice@author.example\r\n" + text.Replace("From:", "X-From:", StringComparison.Ordinal));
        if (PreCheck.Problem(octets) is not null)
        {
            return;
        }

        PostContent.Read(RawMessage.Parse(octets)).Subject.ShouldNotContain('\n');
        foreach (var list in Lists)
        {
            Check(text, KitchenTests.Prepare(list, octets, Reports.Alice with { Dkim = [], Author = AuthorField.Read(RawMessage.Parse(octets)) }));
        }
    }, iter: 1_000);

    [Fact]
    public void The_pre_check_and_the_moderator_answer_any_octets() => Gen.Byte.Array[0, 400].Sample(octets =>
    {
        PreCheck.Problem(octets);
        var raw = RawMessage.Parse(octets);
        PostContent.Read(raw);
        Moderator.Decide(new Candidate
        {
            List = Reports.List,
            Envelope = Reports.Envelope,
            Report = Reports.Alice with { Author = AuthorField.Read(raw) },
            Message = raw,
            Author = null,
            Trust = new(),
        }).Rules.ShouldNotBeEmpty();
    }, iter: 2_000);

    [Fact]
    public void Headers_of_8_bit_junk_pass_or_are_taken_out_but_never_grow_into_others()
    {
        var octets = new byte[512];
        new Random(1).NextBytes(octets);
        byte[] message = [.. "From: alice@author.example\r\nX-Junk: "u8, .. octets.Where(b => b is not (0 or 10 or 13)), .. "\r\n\r\nbody\r\n"u8];
        var copy = RawMessage.Parse(KitchenTests.Prepare(Reports.List, message).ToOctets());
        copy.Fields.Count(f => f.Is("X-Junk")).ShouldBe(1);
        copy.Fields.ShouldAllBe(f => f.Name.Length > 0);
    }

    [Fact]
    public void A_post_of_25_MiB_needs_no_more_than_three_times_its_size()
    {
        // Parts, footer as one more of them, a signature to verify again: what costs most. Allocated, so an upper bound of what is held.
        var attachment = Octets(25 << 20);
        byte[] message = [.. "From: alice@author.example\r\nSubject: Hi\r\nDate: x\r\nMessage-ID: <1@x>\r\nDKIM-Signature: v=1; a=rsa-sha256; d=author.example; s=s; h=from; bh=; b=eA==\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n"u8, .. attachment, .. "--b--\r\n"u8];
        var list = Reports.List with { Footer = "footer", SubjectPrefix = "[x]", Mitigation = MitigationSetting.Always };
        KitchenTests.Prepare(list, message, Reports.Alice);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var prepared = KitchenTests.Prepare(list, message, Reports.Alice);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        prepared.Verdict.ShouldBe(new Verdict.Accept());
        allocated.ShouldBeLessThan(3L * message.Length);
        TestContext.Current.SendDiagnosticMessage($"allocated {allocated / (double)message.Length:F2} times the size");

        static byte[] Octets(int count) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(new string('A', 76) + "\r\n", count / 78)));
    }

    [Fact]
    public void A_post_of_which_nothing_changes_is_not_copied()
    {
        var message = new byte[16 << 20];
        message.AsSpan().Fill((byte)'a');
        for (var i = 78; i < message.Length; i += 80)
        {
            "\r\n"u8.CopyTo(message.AsSpan(i));
        }

        "From: alice@author.example\r\nSubject: Hi\r\n\r\n"u8.CopyTo(message);
        var before = GC.GetAllocatedBytesForCurrentThread();
        KitchenTests.Prepare(Reports.List, message).Body.Length.ShouldBeGreaterThan((16 << 20) - 100);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    private static IEnumerable<MailingList> Lists =>
        from setting in Enum.GetValues<MitigationSetting>()
        select Reports.List with { Mitigation = setting, Footer = "fin é", SubjectPrefix = "[リスト %d]", RequireAuthorAuthentication = false };

    private static void Check(string input, PreparedPost prepared)
    {
        if (prepared.Verdict is not Verdict.Accept)
        {
            prepared.Header.IsEmpty.ShouldBeTrue();
            return;
        }

        var copy = RawMessage.Parse(prepared.ToOctets());
        var text = Encoding.Latin1.GetString(copy.Octets.Span);
        text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().IndexOfAny('\r', '\n', '\0').ShouldBe(-1);
        copy.Fields.All(f => f.Octets.Span.EndsWith("\r\n"u8) && f.Octets.Length > 2).ShouldBeTrue();
        copy.Body.Span.SequenceEqual(prepared.Body.Span).ShouldBeTrue();
        Encoding.Latin1.GetString(prepared.Header.Span).Split("\r\n").All(line => line.Length <= 998).ShouldBeTrue();
        copy.Fields.Count(f => f.Is("List-Id")).ShouldBe(1);
        copy.Fields.Count(f => f.Is("Subject")).ShouldBe(1);
        copy.Fields.Any(f => f.Is("Bcc")).ShouldBeFalse();
        copy.Fields.Count(f => f.Is("Authentication-Results")).ShouldBe(1);
        AuthorField.Read(copy).IsValid.ShouldBeTrue(Uri.EscapeDataString(input));
    }
}
