using System.Collections.Immutable;
using System.Globalization;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.MailAuth;
using ListServer.Store.Archive;

namespace ListServer.Admin.Archiving;

/// <summary>The latest messages of an archive, or those of a month, for somebody who asks by mail.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Reader">Who asks.</param>
/// <param name="IsProven">True when it is certain that it is they who ask (AUTH-95): otherwise they read what anybody may.</param>
/// <param name="Month">Such as 2026-11; null for the latest.</param>
public sealed record ReadIndexByMail(string List, string Reader, bool IsProven, string? Month = null) : Query<IReadOnlyList<ArchiveEntry>>
{
    private const int Most = 100;

    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<ArchiveEntry>> Look(AdminContext context)
    {
        if (MailReader.Open(context, List, Reader, IsProven, out var refused) is not { } archive)
        {
            return refused;
        }

        if (Month is null)
        {
            return Outcome.Done<IReadOnlyList<ArchiveEntry>>([.. archive.Threads(null, Most).Select(thread => thread.Last)]);
        }

        return DateTimeOffset.TryParseExact(Month, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from)
            ? Outcome.Done(archive.Between(from, from.AddMonths(1), null, Most))
            : RefusedUseCase.Invalid($"'{Month}' is no month.");
    }
}

/// <summary>Messages of an archive, to be sent to somebody.</summary>
/// <param name="Found">Their octets in ASCII, by name.</param>
/// <param name="Missing">Names that are not there, or too much for one mail, or have no form in ASCII.</param>
public sealed record ArchivedByMail(ImmutableArray<byte[]> Found, ImmutableArray<string> Missing);

/// <summary>Messages of an archive for somebody who asks by mail: five at the most, and a megabyte.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Reader">Who asks.</param>
/// <param name="IsProven">See <see cref="ReadIndexByMail.IsProven"/>.</param>
/// <param name="Messages">Their names, as an index gives them, or Message-IDs.</param>
public sealed record GetByMail(string List, string Reader, bool IsProven, ImmutableArray<string> Messages) : Query<ArchivedByMail>
{
    private const int MostMessages = 5;
    private const int MostOctets = 1024 * 1024;

    /// <inheritdoc/>
    protected override Outcome<ArchivedByMail> Look(AdminContext context)
    {
        if (MailReader.Open(context, List, Reader, IsProven, out var refused) is not { } archive)
        {
            return refused;
        }

        var (found, missing, octets) = (ImmutableArray.CreateBuilder<byte[]>(), ImmutableArray.CreateBuilder<string>(), 0);
        foreach (var name in Messages.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (found.Count < MostMessages && Read(archive, name) is { } message && octets + message.Length <= MostOctets)
            {
                found.Add(message);
                octets += message.Length;
            }
            else
            {
                missing.Add(name);
            }
        }

        return new ArchivedByMail(found.ToImmutable(), missing.ToImmutable());
    }

    private static byte[]? Read(ListArchive archive, string name) =>
        ShowArchived.Find(archive, MessageIdHash.IsValid(name) ? name.ToUpperInvariant() : name) is { } entry && archive.Read(entry) is { } octets && PreCheck.Problem(octets) is null
            ? SevenBitMessage.Of(RawMessage.Parse(octets))
            : null;
}

/// <summary>Who reads an archive by mail: only who proves to be on the list reads more than anybody (AUTH-95).</summary>
internal static class MailReader
{
    public static ListArchive? Open(AdminContext context, string list, string reader, bool isProven, out RefusedUseCase refused)
    {
        var found = OpenedArchive.Find(context, list, Of(isProven ? context.Store.FindMember(list, reader) : null), out refused);
        refused = found is null ? new RefusedUseCase(Refusal.NotAllowed, $"The archive of {list} is not shown to {reader}.") : refused;
        return found;
    }

    private static ArchiveReader Of(Member? member) => member switch
    {
        null => ArchiveReader.Public,
        { Role: MemberRole.Member } => ArchiveReader.Member,
        _ => ArchiveReader.Operator,
    };
}
