using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Arc;

/// <summary>Adds an ARC set to a message that is about to leave, as the last change to it (AUTH-41 … 45; RFC 8617 §5.1).</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class ArcSealer
{
    private readonly SigningIdentity _identity;
    private readonly ArcSealingOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a sealer.</summary>
    /// <param name="identity">Who seals.</param>
    /// <param name="options">How, or null for the defaults.</param>
    /// <param name="time">The clock of t=, or null for the system's.</param>
    public ArcSealer(SigningIdentity identity, ArcSealingOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(identity);
        _identity = identity;
        _options = options ?? new ArcSealingOptions();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Makes the next set, or says why there is none.</summary>
    /// <param name="message">The octets as they will leave, but for the set.</param>
    /// <param name="arrived">The chain's state when the message arrived.</param>
    /// <param name="authenticationResults">The value of our Authentication-Results field: authserv-id; results. Folds are kept. Null when we judged nothing: then there is nothing to seal.</param>
    /// <param name="set">The three fields, to stand above all others.</param>
    /// <param name="refusal">Why no set is added, in words.</param>
    /// <exception cref="ArgumentException"><paramref name="authenticationResults"/> holds a line end that is no fold, or nothing.</exception>
    public bool TrySeal(
        RawMessage message,
        ArcResult arrived,
        string? authenticationResults,
        [NotNullWhen(true)] out ArcSet? set,
        [NotNullWhen(false)] out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(message);
        return TrySeal(message.Fields, message.HashOfBody(Canonicalization.Relaxed), arrived, authenticationResults, out set, out refusal);
    }

    /// <summary>Makes the next set for a header that goes out with a body hashed before, or says why there is none.</summary>
    /// <param name="fields">The header fields as they will leave, top to bottom, but for the set.</param>
    /// <param name="body">The body's hash in relaxed form.</param>
    /// <param name="arrived">The chain's state when the message arrived.</param>
    /// <param name="authenticationResults">The value of our Authentication-Results field: authserv-id; results. Folds are kept. Null when we judged nothing: then there is nothing to seal.</param>
    /// <param name="set">The three fields, to stand above all others.</param>
    /// <param name="refusal">Why no set is added, in words.</param>
    /// <exception cref="ArgumentException"><paramref name="authenticationResults"/> holds a line end that is no fold, or nothing; or the body was hashed in simple form.</exception>
    public bool TrySeal(
        ImmutableArray<HeaderField> fields,
        BodyHash body,
        ArcResult arrived,
        string? authenticationResults,
        [NotNullWhen(true)] out ArcSet? set,
        [NotNullWhen(false)] out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(arrived);
        set = null;
        if (fields.Sum(f => (long)f.Octets.Length) > _options.MaximumHeaderOctets)
        {
            refusal = $"the header has more than {_options.MaximumHeaderOctets} octets";
            return false;
        }

        var below = arrived.Verdict == ArcVerdict.Pass ? ArcSets.Find(fields).Sets : [];
        refusal = Refusal(arrived, below.Length) ?? (authenticationResults is null ? "there are no results of ours to put into a set" : null);
        if (refusal is not null)
        {
            return false;
        }

        var instance = arrived.Instances + 1;
        var results = Results(instance, authenticationResults!);
        if (HasLongLine(results))
        {
            refusal = $"the results have a line of more than {FoldedTags.MaximumLine} octets";
            return false;
        }

        var time = DkimSigner.Seconds(_time.GetUtcNow());
        var signature = MessageSignature.Complete(
            Tags(ArcSets.MessageSignatureName, instance).Tag("c", "relaxed/relaxed").Tag("d", _identity.Domain).Tag("s", _identity.Selector).Tag("t", time),
            fields, body, _options.Fields, _identity.Key);
        var seal = Seal(instance, arrived.Verdict, time, below, results, signature);
        set = new ArcSet(instance, seal, signature, results);
        return true;
    }

    private static string? Refusal(ArcResult arrived, int setsPresent)
    {
        // RFC 8617 §5.1.2, AUTH-44: nothing is added behind cv=fail.
        if (arrived.AlreadyFailed)
        {
            return "the chain had failed before";
        }

        if (arrived.Instances >= ArcSets.MaximumInstance)
        {
            return "the chain has as many sets as it may have";
        }

        return arrived.Verdict == ArcVerdict.Pass && setsPresent != arrived.Instances
            ? "the sets that arrived are not in the message any more"
            : null;
    }

    private FoldedTags Tags(string name, int instance) =>
        new FoldedTags(name).Tag("i", instance.ToString(CultureInfo.InvariantCulture)).Tag("a", _identity.Key.Algorithm);

    private static byte[] Results(int instance, string value)
    {
        var text = value.Trim();
        for (var end = text.IndexOfAny(['\r', '\n', '\0']); end >= 0; end = text.IndexOfAny(['\r', '\n', '\0'], end + 1))
        {
            var isFold = text[end] == '\r' && end + 2 < text.Length && text[end + 1] == '\n' && text[end + 2] is ' ' or '\t';
            if (!isFold)
            {
                throw new ArgumentException("a line end that is no fold", nameof(value));
            }

            end++;
        }

        ArgumentException.ThrowIfNullOrEmpty(text, nameof(value));
        return Encoding.UTF8.GetBytes($"{ArcSets.ResultsName}: i={instance}; {text}\r\n");
    }

    /// <summary>RFC 5322 §2.1.1: a hop that cuts such a line breaks the seal over it.</summary>
    private static bool HasLongLine(ReadOnlySpan<byte> text)
    {
        foreach (var line in text.Split("\r\n"u8))
        {
            if (line.End.Value - line.Start.Value > FoldedTags.MaximumLine)
            {
                return true;
            }
        }

        return false;
    }

    private byte[] Seal(int instance, ArcVerdict arrived, string time, ImmutableArray<FoundSet> below, byte[] results, byte[] signature)
    {
        var tags = Tags(ArcSets.SealName, instance).Tag("t", time).Tag("cv", arrived.ToString().ToLowerInvariant())
            .Tag("d", _identity.Domain).Tag("s", _identity.Selector).OpenTag("b");
        Span<byte> digest = stackalloc byte[OctetHash.Size];
        using (var hash = OctetHash.Rent())
        {
            // §5.1.2: with cv=fail the seal covers its own set only, and "below" is empty.
            SealHash.Write(below.AsSpan(), hash);
            HeaderCanonicalizer.Write(results, Canonicalization.Relaxed, hash);
            HeaderCanonicalizer.Write(signature, Canonicalization.Relaxed, hash);
            HeaderCanonicalizer.Write(tags.Written, Canonicalization.Relaxed, hash, withLineEnd: false);
            hash.Finish(digest);
        }

        return tags.Close(_identity.Key.Sign(digest));
    }
}
