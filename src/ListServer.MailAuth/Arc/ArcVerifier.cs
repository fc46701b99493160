using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Arc;

/// <summary>Validates a message's ARC chain (RFC 8617 §5.2).</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class ArcVerifier
{
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
        var failure = await SignatureFailure(newest, message, keys, now).ConfigureAwait(false)
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
    /// Step 4: why the set's message signature does not verify, or null. One whose l= leaves out body octets does not say that the
    /// body is unchanged, and is none (RFC 6376 §8.2, AUTH-27).
    /// </summary>
    private static async Task<string?> SignatureFailure(FoundSet set, RawMessage message, KeyLookup keys, DateTimeOffset now)
    {
        var signature = DkimSignature.ReadArc(set.MessageSignature);

        // §4.1.2: a signature must not cover the seals and signatures that come after it.
        var verdict = signature.HeaderNames.Any(CoversArc)
            ? new SignatureVerdict(DkimVerdict.PermError, "h= names ARC fields")
            : SignatureCheck.BeforeKey(signature, now);
        if (verdict is null)
        {
            var answer = await keys.Ask(signature.Selector, signature.Domain).ConfigureAwait(false);
            verdict = new SignatureVerdict(DkimVerdict.PermError, answer.Failure ?? "no key record");
            foreach (var record in answer.Records)
            {
                verdict = SignatureCheck.WithKey(signature, record, message, position: -1);
                if (verdict.Value is { Verdict: DkimVerdict.Pass, CoversWholeBody: true })
                {
                    return null;
                }
            }
        }

        return $"the message signature of set {set.Instance}: {verdict.Value.Reason}";
    }

    private static bool CoversArc(string name) =>
        name.Equals(ArcSets.SealName, StringComparison.OrdinalIgnoreCase) || name.Equals(ArcSets.MessageSignatureName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Step 6: why a seal does not verify, from the newest to the oldest, or null.</summary>
    private static async Task<string?> SealFailure(ImmutableArray<FoundSet> sets, KeyLookup keys)
    {
        var asked = sets.Select(s => keys.Ask(s.SealTags.Selector, s.SealTags.Domain)).ToArray();
        await Task.WhenAll(asked).ConfigureAwait(false);
        for (var i = sets.Length - 1; i >= 0; i--)
        {
            var answer = await asked[i].ConfigureAwait(false);
            var reason = answer.Failure ?? "no key record";
            foreach (var record in answer.Records)
            {
                reason = SealHash.Failure(sets, i, record);
                if (reason is null)
                {
                    break;
                }
            }

            if (reason is not null)
            {
                return $"the seal of set {sets[i].Instance}: {reason}";
            }
        }

        return null;
    }

    /// <summary>
    /// Step 5: the lowest instance whose message signature still verifies, with all above it; 0 when all do.
    /// </summary>
    private static async Task<int> OldestPass(ImmutableArray<FoundSet> sets, RawMessage message, KeyLookup keys, DateTimeOffset now)
    {
        for (var i = sets.Length - 2; i >= 0; i--)
        {
            if (await SignatureFailure(sets[i], message, keys, now).ConfigureAwait(false) is not null)
            {
                return sets[i + 1].Instance;
            }
        }

        return 0;
    }
}
