using System.Collections.Immutable;
using ListServer.Lists.Filtering;

namespace ListServer.Admin.Lists;

/// <summary>Settings of a content filter to change; null leaves a setting as it is. Types and endings are separated by blanks or commas; empty for none.</summary>
public sealed record FilterChange
{
    private const int Most = 200;

    /// <summary>See <see cref="ContentFilter.PassTypes"/>.</summary>
    public string? PassTypes { get; init; }

    /// <summary>See <see cref="ContentFilter.FilterTypes"/>.</summary>
    public string? FilterTypes { get; init; }

    /// <summary>See <see cref="ContentFilter.PassExtensions"/>.</summary>
    public string? PassExtensions { get; init; }

    /// <summary>See <see cref="ContentFilter.FilterExtensions"/>.</summary>
    public string? FilterExtensions { get; init; }

    /// <summary>See <see cref="ContentFilter.Html"/>.</summary>
    public HtmlAction? Html { get; init; }

    /// <summary>See <see cref="ContentFilter.Attachments"/>.</summary>
    public AttachmentAction? Attachments { get; init; }

    /// <summary>See <see cref="ContentFilter.MaxAttachmentOctets"/>.</summary>
    public long? MaxAttachmentOctets { get; init; }

    /// <summary>See <see cref="ContentFilter.Empty"/>.</summary>
    public EmptyAction? Empty { get; init; }

    /// <summary>See <see cref="ContentFilter.Signed"/>.</summary>
    public SignedAction? Signed { get; init; }

    /// <summary>Puts the settings into those of a list.</summary>
    /// <returns>What is wrong, or null; then <paramref name="changed"/> are the settings.</returns>
    internal string? Apply(ContentFilter present, out ContentFilter changed)
    {
        changed = present with
        {
            PassTypes = Words(PassTypes, present.PassTypes),
            FilterTypes = Words(FilterTypes, present.FilterTypes),
            PassExtensions = Words(PassExtensions, present.PassExtensions),
            FilterExtensions = Words(FilterExtensions, present.FilterExtensions),
            Html = Html ?? present.Html,
            Attachments = Attachments ?? present.Attachments,
            MaxAttachmentOctets = MaxAttachmentOctets ?? present.MaxAttachmentOctets,
            Empty = Empty ?? present.Empty,
            Signed = Signed ?? present.Signed,
        };
        return Problem(changed);
    }

    private static string? Problem(ContentFilter filter)
    {
        if (filter.PassTypes.Concat(filter.FilterTypes).FirstOrDefault(type => !IsType(type)) is { } bad)
        {
            return bad.StartsWith("multipart", StringComparison.Ordinal)
                ? $"'{bad}' holds parts and is none: name the types of the parts, such as text/html."
                : $"'{bad}' is no type of a part. Write types like application/zip, or image for all images.";
        }

        if (filter.PassExtensions.Concat(filter.FilterExtensions).FirstOrDefault(end => !end.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.')) is { } odd)
        {
            return $"'{odd}' is no ending of a file name. Write endings like exe or tar.gz.";
        }

        return filter switch
        {
            { MaxAttachmentOctets: < 0 } => "The largest attachment can't be less than 0 octets.",
            _ when filter.PassTypes.Length + filter.FilterTypes.Length + filter.PassExtensions.Length + filter.FilterExtensions.Length > Most =>
                $"A list's filter names {Most} types and endings at the most.",
            _ => null,
        };
    }

    private static bool IsType(string type) =>
        type.Split('/') is { Length: 1 or 2 } halves && halves[0] != "multipart" && halves.All(half => half.Length > 0 && half.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '+' or '-' or '_'));

    private static ImmutableArray<string> Words(string? text, ImmutableArray<string> present) => text is null
        ? present
        : [.. text.Split([' ', ',', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.ToLowerInvariant().TrimStart('.').Replace("/*", "", StringComparison.Ordinal)).Distinct()];
}
