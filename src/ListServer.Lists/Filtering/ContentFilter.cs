using System.Collections.Immutable;

namespace ListServer.Lists.Filtering;

/// <summary>What becomes of HTML.</summary>
public enum HtmlAction
{
    /// <summary>It stays.</summary>
    Keep,

    /// <summary>Of a text in two forms the plain one stays; HTML alone is made plain text.</summary>
    Text,
}

/// <summary>What becomes of attachments that are larger than the list's limit.</summary>
public enum AttachmentAction
{
    /// <summary>They stay.</summary>
    Keep,

    /// <summary>They are taken out, and a note names them.</summary>
    Remove,

    /// <summary>They are taken out and kept in the archive; a note names them with a link.</summary>
    Link,

    /// <summary>The post is held.</summary>
    Hold,
}

/// <summary>What becomes of a post of which nothing is left.</summary>
public enum EmptyAction
{
    /// <summary>It is refused.</summary>
    Reject,

    /// <summary>It is dropped.</summary>
    Discard,

    /// <summary>It waits for a moderator.</summary>
    Hold,
}

/// <summary>What becomes of a signed part that holds something to be taken out.</summary>
public enum SignedAction
{
    /// <summary>The post waits for a moderator.</summary>
    Hold,

    /// <summary>The signed part stays whole, whatever is in it.</summary>
    Keep,
}

/// <summary>Which parts of a post a list lets through. As it stands, all.</summary>
public sealed record ContentFilter
{
    /// <summary>Types of parts that are let through, such as text/plain, or image for image/*; empty for any.</summary>
    public ImmutableArray<string> PassTypes { get; init; } = [];

    /// <summary>Types of parts that are taken out.</summary>
    public ImmutableArray<string> FilterTypes { get; init; } = [];

    /// <summary>Endings of file names that are let through, without the dot; empty for any.</summary>
    public ImmutableArray<string> PassExtensions { get; init; } = [];

    /// <summary>Endings of file names that are taken out.</summary>
    public ImmutableArray<string> FilterExtensions { get; init; } = [];

    /// <summary>What becomes of HTML.</summary>
    public HtmlAction Html { get; init; }

    /// <summary>What becomes of attachments larger than <see cref="MaxAttachmentOctets"/>.</summary>
    public AttachmentAction Attachments { get; init; }

    /// <summary>The largest attachment that is let through, in decoded octets; 0 lets none through.</summary>
    public long MaxAttachmentOctets { get; init; }

    /// <summary>What becomes of a post of which nothing is left.</summary>
    public EmptyAction Empty { get; init; }

    /// <summary>What becomes of a signed part that holds something to be taken out.</summary>
    public SignedAction Signed { get; init; }

    /// <summary>True when it lets everything through as it is.</summary>
    public bool IsIdle => PassTypes.IsEmpty && FilterTypes.IsEmpty && PassExtensions.IsEmpty && FilterExtensions.IsEmpty
        && Html is HtmlAction.Keep && Attachments is AttachmentAction.Keep;

    /// <summary>True when a part of that type and name may pass.</summary>
    internal bool Passes(string mediaType, string fileName) =>
        (PassTypes.IsEmpty || PassTypes.Any(type => IsOf(mediaType, type))) && !FilterTypes.Any(type => IsOf(mediaType, type))
        && (fileName.Length == 0 || ((PassExtensions.IsEmpty || PassExtensions.Any(end => Ends(fileName, end))) && !FilterExtensions.Any(end => Ends(fileName, end))));

    private static bool IsOf(string mediaType, string type) =>
        mediaType.Equals(type, StringComparison.OrdinalIgnoreCase)
        || (!type.Contains('/', StringComparison.Ordinal) && mediaType.StartsWith(type + "/", StringComparison.OrdinalIgnoreCase));

    private static bool Ends(string fileName, string extension) => fileName.TrimEnd('.', ' ').EndsWith("." + extension, StringComparison.OrdinalIgnoreCase);
}
