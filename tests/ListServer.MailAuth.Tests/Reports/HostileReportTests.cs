using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using ListServer.MailAuth.Reports;

namespace ListServer.MailAuth.Tests.Reports;

/// <summary>AUTH-20: bombs are refused with a reason in at most 64 MiB and a few seconds.</summary>
public sealed class HostileReportTests
{
    private const long Mebibyte = 1024 * 1024;
    private const string Head =
        "<feedback><report_metadata><report_id>1</report_id><date_range><begin>1700000000</begin><end>1700086399</end></date_range></report_metadata><policy_published><domain>example.com</domain></policy_published>";

    [Fact]
    public void A_gzip_bomb_is_refused() => Refused(Gzip(Repeat("<extension/>", 40 * Mebibyte)), "more than 12582912 octets");

    [Fact]
    public void A_small_gzip_bomb_is_refused() => Refused(Gzip(Repeat("<extension/>", 6 * Mebibyte)), "more than 200 times its compressed size");

    [Fact]
    public void A_zip_bomb_is_refused() => Refused(Zip(archive =>
    {
        using var entry = archive.CreateEntry("report.xml").Open();
        Repeat("<extension/>", 40 * Mebibyte)(entry);
    }), "more than 12582912 octets");

    [Fact]
    public void A_report_larger_than_the_limit_is_refused() => Refused(Gzip(Noise(13 * Mebibyte)), "more than 12582912 octets");

    [Fact]
    public void A_file_larger_than_the_limit_is_refused() => Refused(new byte[(10 * Mebibyte) + 1], "The file has more than 10485760 octets.");

    [Theory]
    [InlineData("<feedback a=\"", "x")]
    [InlineData("<feedback>", "x")]
    [InlineData("<", "x")]
    public void A_tag_or_text_without_end_is_refused(string start, string more) =>
        Refused(Encoding.ASCII.GetBytes(start + string.Concat(Enumerable.Repeat(more, 9_000_000 / more.Length))), "a tag or text of more than");

    [Fact]
    public void A_CDATA_section_without_end_is_refused() =>
        Refused(Encoding.ASCII.GetBytes($"<feedback><version><![CDATA[{string.Concat(Enumerable.Repeat("<x", 4_500_000))}]]></version></feedback>"), "no report_metadata");

    [Fact]
    public void Elements_within_elements_without_end_are_refused() =>
        Refused(Encoding.ASCII.GetBytes("<feedback><report_metadata>" + string.Concat(Enumerable.Repeat("<a>", 1_000_000))), "nested more than 16 deep");

    [Fact]
    public void A_text_larger_than_the_limit_is_refused() =>
        Refused(Encoding.ASCII.GetBytes($"<feedback><report_metadata><org_name>{new string('x', 5000)}</org_name></report_metadata></feedback>"), "The text of <org_name> has more than 4096 characters.");

    [Fact]
    public void More_rows_than_the_limit_are_refused()
    {
        var rows = string.Concat(Enumerable.Repeat("<record><row><source_ip>192.0.2.1</source_ip><count>1</count></row></record>", 50_001));
        var before = Stopwatch.GetTimestamp();
        AggregateReportReader.TryRead(Encoding.ASCII.GetBytes($"{Head}{rows}</feedback>"), out _, out var problem).ShouldBeFalse();
        problem.ShouldBe("The report has more than 50000 rows.");
        Stopwatch.GetElapsedTime(before).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_largest_report_that_is_read_holds_less_than_64_MiB()
    {
        // Every text another one: nothing can be shared.
        var document = new StringBuilder(Head);
        for (var i = 0; document.Length < 12_500_000; i++)
        {
            document.Append(CultureInfo.InvariantCulture, $"<record><row><source_ip>2001:db8::{i / 9999:x}:{i % 9999:x}</source_ip><count>1</count></row><identifiers><header_from>{i}.a</header_from></identifiers>")
                .Append(CultureInfo.InvariantCulture, $"<auth_results><dkim><domain>{i}.b</domain><selector>{i}s</selector></dkim><dkim><domain>{i}.c</domain></dkim><dkim><domain>{i}.d</domain></dkim></auth_results></record>");
        }

        var octets = Gzip(stream => stream.Write(Encoding.ASCII.GetBytes(document.Append("</feedback>").ToString())));
        document = null;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        AggregateReportReader.TryRead(octets, out var report, out var problem).ShouldBeTrue(problem);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(64 * Mebibyte);
        report!.Rows.Length.ShouldBeGreaterThan(40_000);
        GC.KeepAlive(octets);
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B })]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0x50, 0x4B, 3, 4 })]
    [InlineData(new byte[] { 0x50, 0x4B, 5, 6, 0, 0, 0, 0, 1, 0, 1, 0, 46, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0 })]
    public void A_broken_container_is_refused(byte[] octets)
    {
        AggregateReportReader.TryRead(octets, out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void The_first_file_of_a_zip_is_read_and_an_endless_directory_is_not()
    {
        Refused(Zip(archive =>
        {
            for (var i = 0; i < 60_000; i++)
            {
                archive.CreateEntry($"{i}/");
            }
        }), "has no file in it");
        AggregateReportReader.TryRead(
            Zip(archive =>
            {
                archive.CreateEntry("folder/");
                using var entry = archive.CreateEntry("folder/report.xml").Open();
                entry.Write(Encoding.ASCII.GetBytes($"{Head}</feedback>"));
            }),
            out var report,
            out var problem).ShouldBeTrue(problem);
        report!.Policy.Domain.ShouldBe("example.com");
    }

    [Fact]
    public void A_damaged_zip_or_gzip_never_throws()
    {
        byte[][] whole = [Gzip(stream => stream.Write(Encoding.ASCII.GetBytes($"{Head}</feedback>"))), Zip(archive =>
        {
            using var entry = archive.CreateEntry("r.xml").Open();
            entry.Write(Encoding.ASCII.GetBytes($"{Head}</feedback>"));
        })];
        foreach (var octets in whole)
        {
            for (var i = 0; i < octets.Length * 8; i++)
            {
                var damaged = octets.ToArray();
                damaged[i / 8] ^= (byte)(1 << (i % 8));
                (AggregateReportReader.TryRead(damaged, out _, out var problem) || problem is { Length: > 0 }).ShouldBeTrue();
                AggregateReportReader.TryRead(octets.AsMemory(0, i / 8), out _, out _);
            }
        }
    }

    /// <summary>Refused with the reason, and all that was ever allocated for it, garbage and all, is less than 64 MiB.</summary>
    private static void Refused(byte[] octets, string reason)
    {
        var start = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        AggregateReportReader.TryRead(octets, out _, out var problem).ShouldBeFalse();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        problem!.ShouldContain(reason);
        allocated.ShouldBeLessThan(64 * Mebibyte);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private static Action<Stream> Repeat(string text, long octets) => stream =>
    {
        stream.Write("<feedback>"u8);
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, 100_000)));
        for (long written = 0; written < octets; written += block.Length)
        {
            stream.Write(block);
        }
    };

    private static Action<Stream> Noise(long octets) => stream =>
    {
        var random = new Random(7);
        var line = new byte[32];
        stream.Write("<feedback>"u8);
        for (long written = 0; written < octets; written += (2 * line.Length) + 7)
        {
            random.NextBytes(line);
            stream.Write(Encoding.ASCII.GetBytes($"<a>{Convert.ToHexString(line)}</a>"));
        }
    };

    private static byte[] Gzip(Action<Stream> write)
    {
        using var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal))
        {
            write(gzip);
        }

        return output.ToArray();
    }

    private static byte[] Zip(Action<ZipArchive> write)
    {
        using var output = new MemoryStream();
        using (var archive = new ZipArchive(output, ZipArchiveMode.Create))
        {
            write(archive);
        }

        return output.ToArray();
    }
}
