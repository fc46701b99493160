using System.Collections.Immutable;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Dkim;

/// <summary>Verifies the DKIM signatures of a message (RFC 6376 §6, RFC 8301, RFC 8463, RFC 8616).</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class DkimVerifier
{
    internal const string FieldName = "DKIM-Signature";
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
    /// <returns>One result for each DKIM-Signature field, top to bottom; empty when there is none.</returns>
    public async Task<ImmutableArray<DkimResult>> VerifyAsync(RawMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var now = _time.GetUtcNow();
        var limit = message.HeaderOctets > _options.MaximumHeaderOctets ? 0 : _options.MaximumSignatures;
        var keys = new KeyLookup(_resolver, cancellationToken);
        var pending = new List<Task<DkimResult>>();
        for (var i = 0; i < message.Fields.Length; i++)
        {
            if (message.Fields[i].Is(FieldName))
            {
                pending.Add(pending.Count < limit ? VerifyAsync(message, i, now, keys) : Task.FromResult(Unverified(message.Fields[i])));
            }
        }

        return [.. await Task.WhenAll(pending).ConfigureAwait(false)];
    }

    /// <summary>
    /// Verifies one signature again on changed octets, with the key record of the first time: whether the author's signature
    /// survives what a list did (AUTH-71). No DNS is asked.
    /// </summary>
    /// <param name="message">The message as it is to leave.</param>
    /// <param name="earlier">The result of the message as it came.</param>
    /// <param name="now">The time that x= is held against.</param>
    /// <returns>The result on these octets; permerror when the field is gone; <paramref name="earlier"/> itself when no key had been fetched.</returns>
    public static DkimResult VerifyAgain(RawMessage message, DkimResult earlier, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(earlier);
        if (earlier.KeyRecord is null)
        {
            return earlier;
        }

        for (var i = 0; i < message.Fields.Length; i++)
        {
            if (message.Fields[i].Is(FieldName)
                && DkimSignature.ReadDkim(message.Fields[i]) is var signature
                && signature.ValueText == earlier.Signature && signature.Domain == earlier.Domain && signature.Selector == earlier.Selector)
            {
                return SignatureCheck.BeforeKey(signature, now) is { } verdict
                    ? Result(signature, verdict, earlier.KeyRecord)
                    : WithRecord(signature, KeyRecord.Parse(earlier.KeyRecord), message, i);
            }
        }

        return earlier with { Verdict = DkimVerdict.PermError, Reason = "the signature field is gone" };
    }

    private static async Task<DkimResult> VerifyAsync(RawMessage message, int position, DateTimeOffset now, KeyLookup keys)
    {
        var signature = DkimSignature.ReadDkim(message.Fields[position]);
        if (SignatureCheck.BeforeKey(signature, now) is { } verdict)
        {
            return Result(signature, verdict, null);
        }

        var answer = await keys.Ask(signature.Selector, signature.Domain).ConfigureAwait(false);
        if (answer.Failure is { } failure)
        {
            return Result(signature, new(answer.IsTemporary ? DkimVerdict.TempError : DkimVerdict.PermError, failure), null);
        }

        DkimResult? first = null;
        foreach (var record in answer.Records)
        {
            var result = WithRecord(signature, record, message, position);
            if (result.Verdict == DkimVerdict.Pass)
            {
                return result;
            }

            first ??= result;
        }

        return first ?? Result(signature, new(DkimVerdict.PermError, "no key record"), null);
    }

    private static DkimResult WithRecord(DkimSignature signature, KeyRecord record, RawMessage message, int position) =>
        Result(signature, SignatureCheck.WithKey(signature, record, message, position), record.Text);

    private DkimResult Unverified(HeaderField field) =>
        Result(DkimSignature.ReadDkim(field), new(DkimVerdict.Policy, $"not verified: more than {_options.MaximumSignatures} signatures, or too large a header"), null);

    private static DkimResult Result(DkimSignature signature, SignatureVerdict verdict, string? keyRecord) => new(
        verdict.Verdict,
        signature.Domain,
        signature.Selector,
        signature.Identity,
        signature.AlgorithmText,
        verdict.Reason,
        verdict.CoversWholeBody,
        keyRecord,
        signature.ValueText);
}
