using System.Diagnostics;

namespace ListServer.EndToEnd.Tests;

/// <summary>The copies that the room Lists holds its kitchen against, read by Python's email package and verified by dkimpy.</summary>
public sealed class GoldenCopyTests
{
    /// <summary>Every charset in every transfer encoding: prefix and footer are there, once, the author's text is whole, and signatures verify where the decision table says so.</summary>
    [Fact]
    public async Task Another_mail_reader_finds_every_golden_copy_right()
    {
        // The system's own Python: another one in PATH does not see Debian's packages.
        using var check = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "Golden", "check_golden.py")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await check.WaitForExitAsync(TestContext.Current.CancellationToken);

        $"{await output}{await errors}".ShouldBe("golden files: all right\n");
        check.ExitCode.ShouldBe(0);
    }
}
