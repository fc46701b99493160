using System.Collections.Immutable;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Dkim;

/// <summary>Verifies the DKIM signatures of a message (RFC 6376 §6, RFC 8301, RFC 8463, RFC 8616).</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class DkimVerifier
{
    internal const string FieldName = "DKIM-Signature";

    /// <summary>How many fields are read again, from the top: ours may stand above those that were verified, and nothing below the caps was (AUTH-98).</summary>
    private const int MaximumAgain = 30;

    /// <summary>Longer than any name of an algorithm; the rest of a longer one tells nothing.</summary>
    private const int LongestAlgorithm = 40;

    private readonly IDnsResolver _resolver;
    private readonly DkimVerificationOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Makes a verifier.</summary>
    /// <param name="resolver">Where keys are asked for.</param>
    /// <param name="options">Bounds, or null for the defaults.</param>
    /// <param name="time">The clock that x= is held against, or null for the system's.</param>
    public DkimVerifier(IDnsResolver resolver, DkimVerificationOptions? options = null, TimeProvider? time = null)
    {
        _resolver = resolver;
        _options = options ?? new DkimVerificationOptions();
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Verifies every signature. Keys are asked for concurrently, and each name once.</summary>
    /// <param name="message">The message as it came.</param>
    /// <param name="cancellationToken">Ends the wait for DNS.</param>
    /// <returns>One result for each DKIM-Signature field, top to bottom; empty when there is none. Those past the caps are not read, and bear no names.</returns>
    public async Task<ImmutableArray<DkimResult>> VerifyAsync(RawMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var now = _time.GetUtcNow();
        var limit = message.HeaderOctets > _options.MaximumHeaderOctets ? 0 : _options.MaximumSignatures;
        var found = ImmutableArray.CreateBuilder<int>();
        for (var i = 0; i < message.Fields.Length; i++)
        {
            if (message.Fields[i].Is(FieldName))
            {
                found.Add(i);
            }
        }

        var signatures = found.Take(limit).Select(i => DkimSignature.ReadDkim(message.Fields[i])).ToList();
        var keys = new KeyLookup(_resolver, cancellationToken);
        var refused = signatures.ConvertAll(s => SignatureCheck.BeforeKey(s, now));
        var asked = signatures.Zip(refused, (s, refusal) => refusal is null ? keys.Ask(s.Selector, s.Domain) : null).ToList();
        var bodies = new BodyHashes(message, signatures);
        var results = ImmutableArray.CreateBuilder<DkimResult>(found.Count);
        for (var i = 0; i < signatures.Count; i++)
        {
            results.Add(asked[i] is { } answer
                ? Verify(signatures[i], new SignatureCheck(signatures[i], message, found[i], bodies), await answer.ConfigureAwait(false), keys)
                : Result(signatures[i], refused[i]!.Value, null));
        }

        results.AddRange(Enumerable.Repeat(Unread(), found.Count - results.Count));
        return results.MoveToImmutable();
    }

    /// <summary>
    /// Verifies signatures again on changed octets, with the key records of the first time: whether the author's signatures
    /// survive what a list did (AUTH-71). No DNS is asked.
    /// </summary>
    /// <param name="message">The message as it is to leave.</param>
    /// <param name="earlier">The results of the message as it came.</param>
    /// <param name="now">The time that x= is held against.</param>
    /// <returns>For each, the result on these octets; permerror when the field is gone; the earlier one itself when no key had been fetched.</returns>
    public static ImmutableArray<DkimResult> VerifyAgain(RawMessage message, ImmutableArray<DkimResult> earlier, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (earlier.IsDefaultOrEmpty)
        {
            return [];
        }

        var positions = Enumerable.Range(0, message.Fields.Length).Where(i => message.Fields[i].Is(FieldName)).Take(MaximumAgain).ToList();
        var signatures = positions.ConvertAll(i => DkimSignature.ReadDkim(message.Fields[i]));
        var bodies = new BodyHashes(message, signatures);
        var checks = signatures.Zip(positions, (signature, position) => (Signature: signature, Check: new SignatureCheck(signature, message, position, bodies))).ToList();
        var known = new Dictionary<(DkimSignature, string), DkimResult>();
        return [.. earlier.Select(result => result.KeyRecord is null ? result : Again(checks, result, now, known))];
    }

    /// <summary>The result of the field that gave the earlier one. A copy of it above may have another h=: one that verifies is taken first.</summary>
    private static DkimResult Again(
        List<(DkimSignature Signature, SignatureCheck Check)> checks, DkimResult earlier, DateTimeOffset now, Dictionary<(DkimSignature, string), DkimResult> known)
    {
        var text = earlier.KeyRecord!;
        DkimResult? first = null;
        foreach (var (signature, check) in checks.Where(c => c.Signature.ValueText == earlier.Signature && c.Signature.Domain == earlier.Domain && c.Signature.Selector == earlier.Selector))
        {
            // Ten results of copies of one signature ask the same of each of them (AUTH-98).
            if (!known.TryGetValue((signature, text), out var result))
            {
                known[(signature, text)] = result = Result(signature, SignatureCheck.BeforeKey(signature, now) ?? check.With(KeyRecord.Parse(text)), text);
            }

            if (result.Verdict == DkimVerdict.Pass)
            {
                return result;
            }

            first ??= result;
        }

        return first ?? earlier with { Verdict = DkimVerdict.PermError, Reason = "the signature field is gone" };
    }

    private static DkimResult Verify(DkimSignature signature, SignatureCheck check, KeyAnswer answer, KeyLookup keys)
    {
        if (answer.Failure is { } failure)
        {
            return Result(signature, new(answer.IsTemporary ? DkimVerdict.TempError : DkimVerdict.PermError, failure), null);
        }

        return keys.Try(answer, check.With) is var (outcome, record)
            ? Result(signature, outcome, record.Text)
            : Result(signature, new(DkimVerdict.PermError, "no key record"), null);
    }

    /// <summary>The result of the fields past the caps, one for all: to read each for its name is the work that the caps save (AUTH-98).</summary>
    private DkimResult Unread() => new(
        DkimVerdict.Policy, "", "", "", "", $"not verified: more than {_options.MaximumSignatures} signatures, or too large a header");

    private static DkimResult Result(DkimSignature signature, SignatureVerdict verdict, string? keyRecord) => new(
        verdict.Verdict,
        signature.Domain,
        signature.Selector,
        signature.Identity,
        signature.AlgorithmText.Length > LongestAlgorithm ? signature.AlgorithmText[..LongestAlgorithm] : signature.AlgorithmText,
        verdict.Reason,
        verdict.CoversWholeBody,
        keyRecord,
        signature.ValueText);
}
