using System.Collections.Immutable;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Filtering;

/// <summary>One entity of a message: fields and body, octet by octet.</summary>
internal sealed record Entity(ImmutableArray<HeaderField> Fields, ReadOnlyMemory<byte> Body)
{
    public static Entity Of(ReadOnlyMemory<byte> octets) => RawMessage.Parse(octets) is var read ? new(read.Fields, read.Body) : null!;

    public byte[] ToOctets() => [.. Draft.Join(Fields).Span, .. "\r\n"u8, .. Body.Span];

    /// <summary>This entity with another's content: its own fields but Content-*, then the other's.</summary>
    public Entity With(Entity content) =>
        new([.. Fields.Where(f => !IsContent(f)), .. content.Fields.Where(IsContent)], content.Body);

    private static bool IsContent(HeaderField field) => field.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A message as a list's filter lets it through.</summary>
/// <param name="Whole">What is left; null for nothing. The same object when all of it is.</param>
/// <param name="Parts">What was taken out.</param>
/// <param name="IsConverted">True when HTML was made text, or one of two forms left out.</param>
/// <param name="HoldsSigned">True when a signed part holds something to be taken out; it stays whole.</param>
/// <param name="TooLarge">The first attachment over the limit of a list that holds such posts; null for none.</param>
internal sealed record Filtered(Entity? Whole, ImmutableArray<FilteredPart> Parts, bool IsConverted, bool HoldsSigned, FilteredPart? TooLarge)
{
    /// <summary>Why such a post does not pass by itself; null when it does.</summary>
    public string? Problem(ContentFilter filter) =>
        Whole is null ? $"The list lets nothing of this post through: {Named}"
        : HoldsSigned && filter.Signed is SignedAction.Hold ? "A signed part holds what the list would take out"
        : TooLarge is not null ? $"An attachment is larger than the list takes: {TooLarge}"
        : null;

    private string Named => string.Join(", ", Parts);
}
