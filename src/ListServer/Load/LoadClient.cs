using System.Net;
using ListServer.Outbound;

namespace ListServer.Load;

/// <summary>The client of a load run's author.</summary>
internal static class LoadClient
{
    private const string HostName = "mx.lists.example";

    /// <summary>Sends transactions over one connection.</summary>
    /// <exception cref="IOException">One was not taken.</exception>
    public static async Task SendAsync(IPEndPoint endPoint, IEnumerable<OutboundTransaction> transactions, TimeProvider time, CancellationToken cancellationToken)
    {
        var connector = new SmtpConnector(new OutboundOptions { HeloName = "mail.author.example" }, time);
        var opened = await connector.OpenAsync(new Hop(HostName, endPoint, TlsMode.None), cancellationToken);
        if (!opened.IsOpen)
        {
            throw new IOException($"No connection to {endPoint}: {opened.Failure}");
        }

        await using var connection = opened.Connection;
        OutboundTransaction? current = null;
        foreach (var next in transactions.Append(null))
        {
            if (current is not null)
            {
                var results = await connection.SendAsync(current, next, cancellationToken);
                if (results.FirstOrDefault(result => result.Outcome.Kind != OutcomeKind.Delivered) is { } refused)
                {
                    throw new IOException($"A message was not taken: {refused.Outcome}");
                }
            }

            current = next;
        }

        await connection.QuitAsync();
    }

    /// <summary>Brings the posts of a file to the list, over so many connections.</summary>
    /// <exception cref="IOException">One was not taken.</exception>
    public static Task PostAsync(IPEndPoint endPoint, int connections, string file, TimeProvider time, CancellationToken cancellationToken) => Task.WhenAll(
        Read(file).Select((post, i) => (Transaction: new OutboundTransaction(LoadAuthor.Address, [LoadStage.List], CopyOctets.Whole(post)), Connection: i % connections))
            .GroupBy(p => p.Connection, p => p.Transaction)
            .Select(share => SendAsync(endPoint, share, time, cancellationToken)));

    /// <summary>Writes posts into a file.</summary>
    public static void Write(string file, IEnumerable<byte[]> posts)
    {
        using var writer = new BinaryWriter(File.Create(file));
        foreach (var post in posts)
        {
            writer.Write(post.Length);
            writer.Write(post);
        }
    }

    private static List<byte[]> Read(string file)
    {
        using var reader = new BinaryReader(File.OpenRead(file));
        var posts = new List<byte[]>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            posts.Add(reader.ReadBytes(reader.ReadInt32()));
        }

        return posts;
    }
}
