using System.Text;
using ListServer.Lists.Archiving;

namespace ListServer.Lists.Tests.Archiving;

/// <summary>mbox files as programs wrote them in forty years.</summary>
public sealed class MboxTests
{
    private const string Line = "From ann@x.example Mon Mar  1 09:00:00 2027\n";

    [Theory]
    [InlineData(MboxQuoting.O, ">From here\n>>From there\n", "From here\r\n>>From there\r\n")]
    [InlineData(MboxQuoting.Rd, ">From here\n>>From there\n", "From here\r\n>From there\r\n")]
    [InlineData(MboxQuoting.Auto, ">From here\n>>From there\n", "From here\r\n>From there\r\n")]
    [InlineData(MboxQuoting.Auto, "From here on, all is well\n", "From here on, all is well\r\n")]
    public void Quoting_is_undone_as_its_kind_says(MboxQuoting quoting, string body, string expected) =>
        Read($"{Line}Subject: a\n\n{body}\n{Line}Subject: b\n\nx\n", quoting).ShouldBe([$"Subject: a\r\n\r\n{expected}", "Subject: b\r\n\r\nx\r\n"]);

    [Fact]
    public void Content_Length_tells_an_unquoted_line_from_a_message()
    {
        var body = "one\n\n" + Line + "Subject: within\n\n>From quoted by its author\n";

        Read($"{Line}Content-Length: {body.Length}\n\n{body}\n{Line}Subject: b\n\nx\n", MboxQuoting.Cl2)
            .ShouldBe([$"Content-Length: {body.Length}\r\n\r\n{body.ReplaceLineEndings("\r\n")}", "Subject: b\r\n\r\nx\r\n"]);
    }

    [Fact]
    public void A_counted_message_with_an_unquoted_line_was_never_quoted()
    {
        const string body = "From here\n>From there\n";

        Read($"{Line}Content-Length: {body.Length}\n\n{body}\n{Line}Subject: b\n\nx\n", MboxQuoting.Auto)[0].ShouldEndWith("\r\n\r\nFrom here\r\n>From there\r\n");
    }

    [Theory]
    [InlineData("From ann@x.example Mon Mar  1 09:00:00 2027\n", "2027-03-01T09:00:00Z")]
    [InlineData("From ann at x.example  Mon Mar  1 09:00:00 2027\n", "2027-03-01T09:00:00Z")]
    [InlineData("From ann@x.example Mon Mar 1 09:00 2027\n", "2027-03-01T09:00:00Z")]
    [InlineData("From ann@x.example Mon Mar  1 09:00:00 +0900 2027\n", "2027-03-01T00:00:00Z")]
    [InlineData("From ann@x.example Mon Mar  1 09:00:00 2027 +0900\n", "2027-03-01T00:00:00Z")]
    [InlineData("From ann@x.example Frogday Mar 77 09:00:00 2027\n", null)]
    public void The_date_of_a_From_line_is_read_in_the_forms_there_are(string from, string? expected)
    {
        using var stream = new MemoryStream(Encoding.ASCII.GetBytes(from + "Subject: a\n\nx\n"));

        new MboxReader(stream, MboxQuoting.Auto).Read().Single().At
            .ShouldBe(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no mbox at all\n\nFrom here\n")]
    [InlineData("\0\0\0\0")]
    public void A_file_that_is_no_mbox_holds_nothing(string file) => Read(file, MboxQuoting.Auto).ShouldBeEmpty();

    [Fact]
    public void What_is_written_comes_back_octet_by_octet()
    {
        var octets = Encoding.UTF8.GetBytes("Subject: x\r\n\r\nFrom here\r\n>From there\r\n>>From 会議\r\n\r\nend\r\n");
        var entry = new ArchiveEntry(1, "id", "hash", 1, null, new DateTimeOffset(2027, 3, 1, 9, 0, 0, TimeSpan.Zero), "Ann", "ann@x.example", "x", "", 0);
        using var file = new MemoryStream();
        MboxWriter.Write(file, entry, octets);
        MboxWriter.Write(file, entry with { AuthorAddress = "a b\nFrom x" }, octets);
        file.Position = 0;

        var messages = new MboxReader(file, MboxQuoting.Rd).Read().ToList();

        messages.Select(message => message.Octets).ShouldAllBe(read => read.SequenceEqual(octets));
        messages.Count.ShouldBe(2);
        messages[0].At.ShouldBe(entry.Date);
    }

    [Fact]
    public void No_octets_make_it_throw()
    {
        var random = new Random(11);
        for (var i = 0; i < 500; i++)
        {
            var file = Encoding.ASCII.GetBytes($"{Line}Content-Length: 3\nSubject: a\n\nabc\n\n{Line}Subject: b\n\n>From x\n\n");
            for (var hit = 0; hit < 8; hit++)
            {
                file[random.Next(file.Length)] = (byte)random.Next(256);
            }

            foreach (var quoting in Enum.GetValues<MboxQuoting>())
            {
                using var stream = new MemoryStream(file);
                Should.NotThrow(() => new MboxReader(stream, quoting).Read().Count());
            }
        }
    }

    private static List<string> Read(string file, MboxQuoting quoting)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(file));
        return [.. new MboxReader(stream, quoting).Read().Select(message => Encoding.UTF8.GetString(message.Octets))];
    }
}
