using ListServer.Lists.Archiving;
using ListServer.MailAuth;

namespace ListServer.Admin.Archiving;

/// <summary>Octets to be saved.</summary>
/// <param name="Name">A file name without folders.</param>
/// <param name="MediaType">What the message says that it is; nobody's promise.</param>
/// <param name="Octets">All of them.</param>
public sealed record ArchivedFile(string Name, string MediaType, byte[] Octets);

/// <summary>A message of an archive as it is, or one of its attachments.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Message">See <see cref="ShowArchived.Message"/>.</param>
/// <param name="Attachment">Which one, from 0; null for the message itself.</param>
/// <param name="Reader">Who reads it.</param>
public sealed record ShowOctets(string List, string Message, int? Attachment, ArchiveReader Reader) : Query<ArchivedFile>
{
    /// <inheritdoc/>
    protected override Outcome<ArchivedFile> Look(AdminContext context)
    {
        if (OpenedArchive.Find(context, List, Reader, out var refused) is not { } archive)
        {
            return refused;
        }

        if (ShowArchived.Find(archive, Message) is not { } entry || archive.Read(entry) is not { } octets)
        {
            return ShowArchived.Missing(Message);
        }

        if (Attachment is not { } index)
        {
            return new ArchivedFile(entry.Hash + ".eml", "message/rfc822", octets);
        }

        var raw = RawMessage.Parse(octets);
        if (MessageView.ReadAttachment(raw, index) is not { } part)
        {
            return RefusedUseCase.NotFound($"The message has no attachment {index + 1}.");
        }

        var attachment = MessageView.Read(raw).Attachments[index];
        return new ArchivedFile(attachment.Name, attachment.MediaType, part);
    }
}
