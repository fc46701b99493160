using ListServer.Lists.Archiving;

namespace ListServer.Admin.Archiving;

/// <summary>A message to be written into a file.</summary>
/// <param name="Entry">As the index has it.</param>
/// <param name="Octets">All of it.</param>
public sealed record ExportedMessage(ArchiveEntry Entry, byte[] Octets);

/// <summary>A part of an export.</summary>
/// <param name="Messages">Oldest first.</param>
/// <param name="Next">For <see cref="ExportArchive.After"/> of the next part; null behind the last.</param>
public sealed record ExportPart(IReadOnlyList<ExportedMessage> Messages, long? Next);

/// <summary>Messages of an archive as they are kept, in parts that fit into memory.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Month">The first day of one month; null for all.</param>
/// <param name="Reader">Who reads it.</param>
/// <param name="After">Where the part before ended; null for the first.</param>
public sealed record ExportArchive(string List, DateOnly? Month, ArchiveReader Reader, long? After = null) : Query<ExportPart>
{
    private const int MostMessages = 500;
    private const long MostOctets = 8 << 20;

    /// <inheritdoc/>
    protected override Outcome<ExportPart> Look(AdminContext context)
    {
        if (OpenedArchive.Find(context, List, Reader, out var refused) is not { } archive)
        {
            return refused;
        }

        var from = Month is { } first ? new DateTimeOffset(first, TimeOnly.MinValue, TimeSpan.Zero) : DateTimeOffset.UnixEpoch;
        var until = Month is { } month ? new DateTimeOffset(month.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero) : DateTimeOffset.UnixEpoch.AddYears(1_000);
        var (messages, octets, next) = (new List<ExportedMessage>(), 0L, After);
        foreach (var entry in archive.Between(from, until, After, MostMessages))
        {
            if (octets >= MostOctets)
            {
                break;
            }

            next = entry.Position;
            if (archive.Read(entry) is { } read)
            {
                messages.Add(new ExportedMessage(entry, read));
                octets += read.Length;
            }
        }

        return new ExportPart(messages, next == After ? null : next);
    }
}
