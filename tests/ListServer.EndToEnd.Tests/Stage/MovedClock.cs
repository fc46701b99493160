using System.Globalization;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>
/// A clock that the test puts forward, in a process that is started with it: Debian's libfaketime, so that the program needs no option for it. Between two moves time
/// runs as it does, and what waits for a span waits as long as ever.
/// </summary>
internal sealed class MovedClock : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clock-").FullName;
    private TimeSpan _ahead;

    /// <summary>Starts at noon of tomorrow: the test won't reach midnight, and what is signed now was signed before.</summary>
    public MovedClock()
    {
        var now = TimeProvider.System.GetUtcNow();
        _ahead = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1.5), TimeSpan.Zero) - now;
        Write();
    }

    public DateOnly Today => DateOnly.FromDateTime((TimeProvider.System.GetUtcNow() + _ahead).UtcDateTime);

    /// <summary>What a process is started with. Its waiting is left alone: intercepted, .NET's timers spin.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = $"/usr/lib/{(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu/faketime/libfaketimeMT.so.1",
        ["FAKETIME_TIMESTAMP_FILE"] = Path.Combine(_folder, "ahead"),
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
    };

    public void Forward(int days)
    {
        _ahead += TimeSpan.FromDays(days);
        Write();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Whoever reads it meanwhile reads the old one.
    private void Write()
    {
        var next = Path.Combine(_folder, "next");
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"+{_ahead.TotalSeconds:F0}\n"));
        File.Move(next, Path.Combine(_folder, "ahead"), overwrite: true);
    }
}
