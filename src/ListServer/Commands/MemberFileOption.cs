using System.CommandLine;
using System.Text;

namespace ListServer.Commands;

/// <summary>A file of members, or standard input, as an argument.</summary>
internal static class MemberFileOption
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Argument<string> Argument() => new("FILE") { Description = "One address a line, or CSV with an 'email' column; - for standard input." };

    /// <summary>What evidence of consent calls it.</summary>
    public static string NameOf(string path) => path == "-" ? "standard input" : Path.GetFileName(path);

    /// <summary>Its text; null with the exit code once the person was told what is wrong.</summary>
    public static async Task<(string? Text, int Code)> ReadAsync(string path, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            return (path == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(path, StrictUtf8, cancellationToken), ExitCode.Ok);
        }
        catch (DecoderFallbackException)
        {
            await error.WriteLineAsync(Shown.Line($"{path} is not UTF-8. Convert it first, for example: iconv -f CP932 -t UTF-8 {path} > members-utf8.csv"));
            return (null, ExitCode.Usage);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(Shown.Line($"{path} can't be read: {problem.Message}"));
            return (null, ExitCode.NotFound);
        }
    }
}
