using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Arc;

/// <summary>Validates a message's ARC chain (RFC 8617 §5.2).</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class ArcVerifier
{
    /// <summary>What a chain of fifty sets hashes for a header of 40 kilobytes, all of it signed by each.</summary>
    private const long MaximumHashedOctets = 2 * 1024 * 1024;

    private readonly IDnsResolver _resolver;
    private readonly ArcVerificationOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a verifier.</summary>
    /// <param name="resolver">Where keys are asked for.</param>
    /// <param name="options">Bounds, or null for the defaults.</param>
    /// <param name="time">The clock that x= is held against, or null for the system's.</param>
    public ArcVerifier(IDnsResolver resolver, ArcVerificationOptions? options = null, TimeProvider? time = null)
    {
        _resolver = resolver;
        _options = options ?? new ArcVerificationOptions();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Validates the chain. Every error, also of DNS, is a permanent fail (RFC 8617 §5.2.1).</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="cancellationToken">Ends the wait for DNS.</param>
    public async Task<ArcResult> VerifyAsync(RawMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var sets = ArcSets.Find(message.Fields, _options.MaximumSets);
        if (sets.IsEmpty)
        {
            return new ArcResult(ArcVerdict.None, 0, null, [], false, "no ARC set");
        }

        if (Structure(sets, message) is { } defect)
        {
            return new ArcResult(ArcVerdict.Fail, sets.Highest, null, Sealers(sets), sets.SaysFail, defect);
        }

        var keys = new KeyLookup(_resolver, cancellationToken);
        var now = _time.GetUtcNow();
        var newest = sets.Sets[^1];

        // Step 4 alone first: a message that was changed costs one question, not fifty.
        var failure = (await CheckSignature(newest, message, keys, now).ConfigureAwait(false)).Failure
            ?? await SealFailure(sets.Sets, keys).ConfigureAwait(false);
        if (failure is not null)
        {
            return new ArcResult(ArcVerdict.Fail, sets.Highest, null, Sealers(sets), false, failure);
        }

        var oldest = await OldestPass(sets.Sets, message, keys, now).ConfigureAwait(false);
        _ = Instance.OfResults(newest.AuthenticationResults, out var results);
        return new ArcResult(
            ArcVerdict.Pass, sets.Highest, oldest, Sealers(sets), false, "the chain validates", Encoding.UTF8.GetString(results.Span).Trim());
    }

    /// <summary>Steps 1 to 3.</summary>
    private string? Structure(ArcSets sets, RawMessage message)
    {
        if (message.HeaderOctets > _options.MaximumHeaderOctets)
        {
            return "the header is too large";
        }

        return sets.SaysFail ? "the newest seal says cv=fail" : sets.Defect;
    }

    private static ImmutableArray<string> Sealers(ArcSets sets) => [.. sets.Sets.Select(s => s.SealTags.Domain)];

    /// <summary>
    /// Step 4: why the set's message signature does not verify, or null; and how many octets of header fields that took. One whose l=
    /// leaves out body octets does not say that the body is unchanged, and is none (RFC 6376 §8.2, AUTH-27).
    /// </summary>
    private static async Task<(string? Failure, long HashedOctets)> CheckSignature(FoundSet set, RawMessage message, KeyLookup keys, DateTimeOffset now)
    {
        var signature = DkimSignature.ReadArc(set.MessageSignature);
        var check = new SignatureCheck(signature, message, position: -1, new BodyHashes(message, []));
        var verdict = BeforeKey(signature, message, now);
        if (verdict is null)
        {
            var answer = await keys.Ask(signature.Selector, signature.Domain).ConfigureAwait(false);
            verdict = keys.Try(answer, check.With)?.Verdict ?? new(DkimVerdict.PermError, answer.Failure ?? "no key record");
        }

        var failure = verdict.Value.Verdict == DkimVerdict.Pass ? null : $"the message signature of set {set.Instance}: {verdict.Value.Reason}";
        return (failure, check.HashedOctets);
    }

    private static SignatureVerdict? BeforeKey(DkimSignature signature, RawMessage message, DateTimeOffset now)
    {
        // RFC 8617 §4.1.2: a signature must not cover the seals and signatures that come after it.
        if (signature.HeaderNames.Any(CoversArc))
        {
            return new(DkimVerdict.PermError, "h= names ARC fields");
        }

        return SignatureCheck.BeforeKey(signature, now)
            ?? (signature.BodyLength < message.HashOfBody(signature.BodyCanonicalization).CanonicalLength
                ? new(DkimVerdict.Policy, "l= leaves out the end of the body")
                : null);
    }

    private static bool CoversArc(string name) =>
        name.Equals(ArcSets.SealName, StringComparison.OrdinalIgnoreCase) || name.Equals(ArcSets.MessageSignatureName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Step 6: why a seal does not verify, from the newest to the oldest, or null.</summary>
    private static async Task<string?> SealFailure(ImmutableArray<FoundSet> sets, KeyLookup keys)
    {
        var asked = sets.Select(s => keys.Ask(s.SealTags.Selector, s.SealTags.Domain)).ToArray();
        await Task.WhenAll(asked).ConfigureAwait(false);
        var hashes = SealHash.OfEach(sets);
        for (var i = sets.Length - 1; i >= 0; i--)
        {
            var answer = await asked[i].ConfigureAwait(false);
            var verdict = keys.Try(answer, record => SealHash.Check(sets[i].SealTags, hashes[i], record))?.Verdict
                ?? new(DkimVerdict.PermError, answer.Failure ?? "no key record");
            if (verdict.Verdict != DkimVerdict.Pass)
            {
                return $"the seal of set {sets[i].Instance}: {verdict.Reason}";
            }
        }

        return null;
    }

    /// <summary>
    /// Step 5: the lowest instance whose message signature still verifies, with all above it; 0 when all do. Fifty signatures over one
    /// large field would be hashed for long, and the chain passes without them: the search ends where it gets dear (AUTH-98).
    /// </summary>
    private static async Task<int> OldestPass(ImmutableArray<FoundSet> sets, RawMessage message, KeyLookup keys, DateTimeOffset now)
    {
        var hashed = 0L;
        for (var i = sets.Length - 2; i >= 0; i--)
        {
            var (failure, octets) = hashed > MaximumHashedOctets ? ("not checked", 0) : await CheckSignature(sets[i], message, keys, now).ConfigureAwait(false);
            if (failure is not null)
            {
                return sets[i + 1].Instance;
            }

            hashed += octets;
        }

        return 0;
    }
}
