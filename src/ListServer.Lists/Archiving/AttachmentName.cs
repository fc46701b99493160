using System.Globalization;
using MimeKit;

namespace ListServer.Lists.Archiving;

/// <summary>Names of attachments (SEC-22): text from a stranger, and part of a path on whoever saves one.</summary>
internal static class AttachmentName
{
    private const int MaxName = 120;

    /// <summary>A name without folders, control characters or marks of direction; never empty.</summary>
    public static string Of(MimeEntity entity, int index) =>
        Given(entity) is { Length: > 0 } name ? name : entity is MessagePart ? $"message-{index + 1}.eml" : $"attachment-{index + 1}";

    /// <summary>The same; empty where the message gives none.</summary>
    public static string Given(MimeEntity entity)
    {
        var given = (entity.ContentDisposition?.FileName ?? entity.ContentType.Name ?? "").Replace('\\', '/');
        var name = new string([.. given[(given.LastIndexOf('/') + 1)..].Where(IsFit)]).Trim().TrimStart('.').Trim();
        return name.Length > MaxName ? name[^MaxName..] : name;
    }

    private static bool IsFit(char c) => !char.IsControl(c) && !char.IsSurrogate(c)
        && char.GetUnicodeCategory(c) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && !"\"<>|:*?".Contains(c, StringComparison.Ordinal);
}
