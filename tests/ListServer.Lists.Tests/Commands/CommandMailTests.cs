using System.Text;
using CsCheck;
using ListServer.Lists.Commands;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests.Commands;

public sealed class CommandMailTests
{
    private const string Author = "alice@author.example";

    [Theory]
    [InlineData("help", "", "help")]
    [InlineData("HELP", "", "help")]
    [InlineData("Re: Subscribe", "", "join")]
    [InlineData("RE[2]: Fwd: join", "", "join")]
    [InlineData("返信: help", "", "help")]
    [InlineData("unsubscribe", "Dear owner,\r\nplease take me off.\r\n-- \r\nhelp\r\n", "leave")]
    [InlineData("", "help\r\n\r\ninfo\r\nend\r\nleave\r\n", "help info")]
    [InlineData("", "> join\r\n| join\r\n  leave  \r\n-- \r\nhelp\r\n", "leave")]
    [InlineData("A question", "subscribe\r\n", "join")]
    [InlineData("A question", "", "?A question")]
    [InlineData("A question", "How do I leave?\r\n", "?A question ?How do I leave?")]
    [InlineData("subscribe", "subscribe\r\nhelp\r\n", "join help")]
    [InlineData("confirm abc234", "", "confirm:abc234")]
    [InlineData("Re: confirm abc234", "> please confirm\r\n", "confirm:abc234")]
    [InlineData("confirm", "", "?confirm")]
    [InlineData("subscribe news alice@author.example", "", "join")]
    [InlineData("subscribe address=Alice@Author.Example", "", "join")]
    [InlineData("unsubscribe news@lists.example <alice@author.example>", "", "leave")]
    [InlineData("", "", "")]
    public void A_request_is_read_from_subject_and_first_lines(string subject, string body, string expected) =>
        Words(Read(subject, body)).ShouldBe(expected);

    [Theory]
    [InlineData("# help", "help")]
    [InlineData("ＨＥＬＰ", "help")]
    [InlineData("退会", "leave")]
    [InlineData("bye", "leave")]
    [InlineData("signoff news", "leave")]
    [InlineData("intro news", "info")]
    [InlineData("who news@lists.example", "who")]
    [InlineData("review", "who")]
    [InlineData("actives", "who")]
    [InlineData("lists", "lists")]
    [InlineData("which alice@author.example", "which")]
    [InlineData("chaddr alice@author.example alice@new.example", "move")]
    [InlineData("# chaddr alice@new.example", "move")]
    [InlineData("chaddr bob@author.example eve@new.example", "?chaddr bob@author.example eve@new.example")]
    [InlineData("set", "show")]
    [InlineData("status", "show")]
    [InlineData("off", "set NoMail")]
    [InlineData("# on", "set Regular")]
    [InlineData("matome", "set MimeDigest")]
    [InlineData("SET news NOMAIL", "set NoMail")]
    [InlineData("set mail on", "set Regular")]
    [InlineData("set delivery daily-summary", "set DailySummary")]
    [InlineData("set digest", "set MimeDigest")]
    [InlineData("digest plain", "set PlainDigest")]
    [InlineData("set digest off", "set Regular")]
    [InlineData("set digestplain", "set PlainDigest")]
    [InlineData("set nomail until 2027-10-01", "set Paused 2027-10-01")]
    [InlineData("set nomail 2027/10/1", "set Paused 2027-10-01")]
    [InlineData("set own-copies off", "set own False")]
    [InlineData("set myposts yes", "set own True")]
    [InlineData("set duplicates off", "set avoid True")]
    [InlineData("set nomail until tomorrow", "badwish")]
    [InlineData("set password x", "badwish")]
    [InlineData("set own-copies maybe", "badwish")]
    public void Majordomo_Sympa_and_fml_spellings_are_understood(string line, string expected) =>
        Words(Read(line, "")).ShouldBe(expected);

    [Fact]
    public void Two_settings_are_two_commands() =>
        Words(Read("", "set digest plain\r\nset own-copies off\r\nset digest plain\r\n")).ShouldBe("set PlainDigest set own False");

    [Theory]
    [InlineData("leave me alone, please")]
    [InlineData("unsubscribe bob@example.org")]
    [InlineData("subscribe news bob@example.org")]
    [InlineData("join us")]
    [InlineData("leave other-list")]
    public void What_can_mean_something_else_is_no_command(string line) =>
        Read(line, "").Commands.ShouldBe([new Command.Unknown(line)]);

    [Fact]
    public void An_encoded_text_is_decoded()
    {
        var message = Parse("Subject: =?UTF-8?B?" + Convert.ToBase64String(Encoding.UTF8.GetBytes("質問")) + "?=\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + Convert.ToBase64String(Encoding.UTF8.GetBytes("info\n　help　\n")) + "\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>leave</p>\r\n--b--\r\n");

        Words(CommandMail.Read(new ListAddress.Request(Reports.List), message, Author)).ShouldBe("info help");
    }

    [Fact]
    public void One_mail_holds_ten_commands_at_the_most()
    {
        var mail = Read("", string.Concat(Enumerable.Range(0, 50).Select(i => $"confirm token{i}\r\n")));

        mail.Commands.Length.ShouldBe(CommandMail.MaxCommands);
        mail.IsCut.ShouldBeTrue();
    }

    [Fact]
    public void Reading_ends_after_five_lines_that_are_no_commands()
    {
        var mail = Read("", "a\r\nb\r\nc\r\nd\r\ne\r\nf\r\nleave\r\n");

        Words(mail).ShouldBe("?a ?b ?c ?d ?e");
        mail.IsCut.ShouldBeTrue();
    }

    [Fact]
    public void A_long_line_is_told_cut_short()
    {
        var told = Read("", new string('x', 500) + "\r\n").Commands.ShouldHaveSingleItem().Text;

        told.Length.ShouldBe(80);
    }

    [Fact]
    public void The_other_addresses_say_it_all()
    {
        var message = Parse("Subject: help\r\n\r\ninfo\r\n");

        Words(CommandMail.Read(new ListAddress.Join(Reports.List), message, Author)).ShouldBe("join");
        Words(CommandMail.Read(new ListAddress.Leave(Reports.List), message, Author)).ShouldBe("leave");
        Words(CommandMail.Read(new ListAddress.Confirm(Reports.List, "t0"), message, Author)).ShouldBe("confirm:t0");
    }

    [Fact]
    public void Any_octets_are_a_mail()
    {
        Gen.Byte.Array[0, 400].Sample(
            octets => CommandMail.Read(new ListAddress.Request(Reports.List), RawMessage.Parse(octets), Author).Commands.Length <= CommandMail.MaxCommands,
            iter: 2_000);
    }

    private static CommandMail Read(string subject, string body) =>
        CommandMail.Read(new ListAddress.Request(Reports.List), Parse($"Subject: {subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}"), Author);

    private static RawMessage Parse(string text) => RawMessage.Parse(Encoding.UTF8.GetBytes(text));

    private static string Words(CommandMail mail) => string.Join(' ', mail.Commands.Select(command => command switch
    {
        Command.Confirm confirm => "confirm:" + confirm.Token,
        Command.Unknown unknown => "?" + unknown.Text,
        Command.Wish { Preferences: { Delivery: { } delivery, Until: var until } } => FormattableString.Invariant($"set {delivery} {until:yyyy-MM-dd}").TrimEnd(),
        Command.Wish { Preferences.OwnCopies: { } own } => $"set own {own}",
        Command.Wish { Preferences.AvoidsDuplicates: { } avoids } => $"set avoid {avoids}",
        _ => command.GetType().Name.ToLowerInvariant(),
    }));
}
