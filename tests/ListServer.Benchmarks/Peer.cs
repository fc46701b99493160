using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ListServer.Benchmarks;

/// <summary>Another library, in a process of its own that measures its own CPU time.</summary>
internal sealed class Peer(string program, params IReadOnlyList<string> arguments)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "peers");

    public static Peer Dkimpy(string files) => new("/usr/bin/python3", "dkimpy.py", files + ".eml", files + ".json", "1.5");

    public static Peer Mailauth(string files)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
        {
            _ = Start("npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts");
        }

        return new Peer("node", "mailauth.mjs", files + ".eml", files + ".json", "1.5", SignedPost.Client, SignedPost.Helo, SignedPost.Sender);
    }

    /// <summary>mlmmj, from its Debian package, straight to a sink of ours: unsigned, many recipients at a time or each with a reverse-path.</summary>
    public static Peer Mlmmj(string listserver, int members, string mode) => File.Exists("/usr/bin/mlmmj-receive")
        ? new Peer("/usr/bin/python3", "mlmmj.py", listserver, "load", "sink", "--reply-delay", "0", "--", members.ToString(CultureInfo.InvariantCulture), "200", mode)
        : throw new InvalidOperationException("The figures of issue 4 are ratios to mlmmj's in the same run: apt-get install mlmmj");

    /// <summary>Writes what the peers read.</summary>
    public static void Write(SignedPost post, string files)
    {
        File.WriteAllBytes(files + ".eml", post.Message);
        File.WriteAllText(files + ".json", JsonSerializer.Serialize(post.Txt));
    }

    public Rate Run()
    {
        var numbers = Start(program, [.. arguments]).Split(' ');
        return new Rate(long.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static string Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"{program} {arguments[0]} ended with {process.ExitCode}");
    }
}
