using System.Collections.Immutable;
using System.Globalization;

namespace ListServer.MailAuth.Dkim;

/// <summary>Makes DKIM-Signature fields: relaxed/relaxed, never l=, with t= and x= (AUTH-29 … 34; RFC 6376 §5, RFC 8301, RFC 8463).</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class DkimSigner
{
    private readonly SigningIdentity _identity;
    private readonly DkimSigningOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a signer.</summary>
    /// <param name="identity">Who signs.</param>
    /// <param name="options">How, or null for the defaults.</param>
    /// <param name="time">The clock of t= and x=, or null for the system's.</param>
    public DkimSigner(SigningIdentity identity, DkimSigningOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(identity);
        _identity = identity;
        _options = options ?? new DkimSigningOptions();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Signs a whole message.</summary>
    /// <param name="message">The octets as they will leave.</param>
    /// <returns>The field to stand above the others, its folds and final CRLF included.</returns>
    public byte[] Sign(RawMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Sign(message.Fields, message.HashOfBody(Canonicalization.Relaxed));
    }

    /// <summary>Signs a header that goes out with a body hashed before: one per recipient, whatever the body's size (AUTH-34).</summary>
    /// <param name="fields">The header fields as they will leave, top to bottom.</param>
    /// <param name="body">The body's hash in relaxed form.</param>
    /// <returns>The field to stand above the others, its folds and final CRLF included.</returns>
    /// <exception cref="ArgumentException">The body was hashed in simple form.</exception>
    public byte[] Sign(ImmutableArray<HeaderField> fields, BodyHash body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return MessageSignature.Complete(Tags(), fields, body, _options.Fields, _identity.Key);
    }

    /// <summary>Prepares signatures, all of this moment, of headers that differ in one field only.</summary>
    /// <param name="fields">The header fields of one of them, top to bottom.</param>
    /// <param name="own">The position of the field that differs.</param>
    /// <param name="body">The body's hash in relaxed form.</param>
    /// <exception cref="ArgumentException">The body was hashed in simple form.</exception>
    public DkimSeries Series(ImmutableArray<HeaderField> fields, int own, BodyHash body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new DkimSeries(Tags(), fields, own, body, _options.Fields, _identity.Key);
    }

    internal static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private FoldedTags Tags()
    {
        var now = _time.GetUtcNow();
        var tags = new FoldedTags(DkimVerifier.FieldName)
            .Tag("v", "1").Tag("a", _identity.Key.Algorithm).Tag("c", "relaxed/relaxed")
            .Tag("d", _identity.Domain).Tag("s", _identity.Selector).Tag("t", Seconds(now));
        if (_options.Lifetime is { } lifetime)
        {
            tags.Tag("x", Seconds(now + lifetime));
        }

        return tags;
    }
}
