using System.Security.Cryptography;
using System.Text;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.MailAuth;
using ListServer.Store;
using ListServer.Store.Archive;
using ListServer.Store.Changes;

namespace ListServer.Admin.Archiving;

/// <summary>What became of imported messages.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Added">New ones.</param>
/// <param name="Known">Those that the archive has already, or that were taken down.</param>
public sealed record ImportCount(string List, int Added, int Known);

/// <summary>Brings messages of another archive into this one. Asked again it adds nothing.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Messages">Some of them: a large file comes in parts.</param>
public sealed record ImportArchive(string List, IReadOnlyList<MboxMessage> Messages) : UseCase<ImportCount>
{
    /// <inheritdoc/>
    public override async Task<Outcome<ImportCount>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (OpenedArchive.Find(context, List, ArchiveReader.Operator, out var refused) is not { } archive)
        {
            return refused;
        }

        var added = await Task.Run(() => archive.Add([.. Messages.Select(message => Made(message, context))]), cancellationToken);
        var address = context.Store.FindList(List)!.Address;
        if (added > 0)
        {
            await context.CommitAsync(new MessagesImported(address, added), CancellationToken.None);
        }

        return new ImportCount(address, added, Messages.Count - added);
    }

    private static ArchivedMessage Made(MboxMessage message, AdminContext context)
    {
        var (raw, now) = (RawMessage.Parse(message.Octets), context.Time.GetUtcNow());
        var octets = PostContent.Read(raw).MessageId.Length > 0 ? message.Octets : [.. Identifier(message.Octets), .. message.Octets];
        var written = ArchiveCard.DateOf(raw, now, now - DateTimeOffset.UnixEpoch);
        var isDated = written != now;
        return new ArchivedMessage(OrderedId.New(context.Time), isDated ? written : Earlier(message.At, now) ?? Earlier(ArchiveCard.ReceivedAt(raw), now) ?? now, octets, IsPost: false);
    }

    // The same octets get the same one, so that a second import knows them again.
    private static byte[] Identifier(byte[] octets) =>
        Encoding.ASCII.GetBytes($"Message-ID: <{Convert.ToHexStringLower(SHA256.HashData(octets).AsSpan(0, 16))}@imported.invalid>\r\n");

    private static DateTimeOffset? Earlier(DateTimeOffset? at, DateTimeOffset now) => at > DateTimeOffset.UnixEpoch && at <= now ? at : null;
}
