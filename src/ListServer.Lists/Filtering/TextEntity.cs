using System.Collections.Immutable;
using System.Text;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;

namespace ListServer.Lists.Filtering;

/// <summary>Writes plain text where another content stood.</summary>
internal static class TextEntity
{
    /// <summary>The entity with this text for its content.</summary>
    /// <param name="entity">What stood there; its fields but Content-* stay.</param>
    /// <param name="text">Lines, each ended by CRLF.</param>
    public static Entity Of(Entity entity, string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        var isAscii = !octets.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)127);
        var (encoding, body) = isAscii && !Octets.HasLongLine(octets) ? ("7bit", octets)
            : octets.Count(octet => octet >= 128) < octets.Length / 6 ? ("quoted-printable", Octets.ToQuotedPrintable(octets))
            : ("base64", Octets.ToBase64(octets));
        ImmutableArray<HeaderField> content =
        [
            Field.Make("Content-Type", $"text/plain; charset={(isAscii ? "us-ascii" : "utf-8")}"),
            Field.Make("Content-Transfer-Encoding", encoding),
        ];
        return entity.With(new Entity(content, body));
    }
}
