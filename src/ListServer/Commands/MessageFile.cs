using ListServer.MailAuth;

namespace ListServer.Commands;

/// <summary>A message in a file, as verify and seal read it.</summary>
internal static class MessageFile
{
    /// <summary>Reads it; "-" is standard input. A file whose lines all end in LF alone is taken for one that a Unix program saved: its lines get their CRs back.</summary>
    /// <returns>The message; or null, with the reason on <paramref name="error"/>.</returns>
    public static async Task<RawMessage?> ReadAsync(string path, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            byte[] octets;
            if (path == "-")
            {
                using var buffer = new MemoryStream();
                await using var input = Console.OpenStandardInput();
                await input.CopyToAsync(buffer, cancellationToken);
                octets = buffer.ToArray();
            }
            else
            {
                octets = await File.ReadAllBytesAsync(path, cancellationToken);
            }

            return RawMessage.Parse(octets.AsSpan().Contains((byte)'\r') ? octets : WithCrLf(octets));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync(Shown.Line($"{path} can't be read: {problem.Message}"));
            return null;
        }
    }

    /// <summary>Writes octets as they are; false, with the reason on <paramref name="error"/>, when they can't be written.</summary>
    public static bool Write(string path, byte[] octets, TextWriter error)
    {
        try
        {
            File.WriteAllBytes(path, octets);
            return true;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            error.WriteLine(Shown.Line($"{path} can't be written: {problem.Message}"));
            return false;
        }
    }

    private static byte[] WithCrLf(byte[] octets)
    {
        var wire = new List<byte>(octets.Length + (octets.Length / 32));
        foreach (var octet in octets)
        {
            if (octet == '\n')
            {
                wire.Add((byte)'\r');
            }

            wire.Add(octet);
        }

        return [.. wire];
    }
}
