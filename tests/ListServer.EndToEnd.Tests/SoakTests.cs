using System.Diagnostics;
using ListServer.EndToEnd.Tests.Stage;

namespace ListServer.EndToEnd.Tests;

/// <summary>SEC-1, SEC-3, SEC-4, SEC-5, SEC-6: the short form of tests/soak.</summary>
public sealed class SoakTests
{
    [Theory]
    [InlineData("kills", "0 deliveries missing")]
    [InlineData("announcements", "0 deliveries missing")]
    [InlineData("hosts", "0 deliveries missing")]
    [InlineData("dns", "0 deliveries missing")]
    [InlineData("disk", "disk: ")]
    public async Task Nothing_is_lost(string scenario, string said)
    {
        var program = Path.Combine(Apphost.Repository, "tests", "soak", "bin", Apphost.Configuration, "net10.0", "soak");
        using var process = Process.Start(new ProcessStartInfo(program, ["--rounds", "4", "--only", scenario]) { RedirectStandardOutput = true })!;

        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(0, output);
        output.ShouldContain(said);
    }
}
