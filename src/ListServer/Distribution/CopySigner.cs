using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Distribution;

/// <summary>The header of a copy, signed and sealed.</summary>
/// <param name="Header">All fields, without the empty line behind them.</param>
/// <param name="Sealed">What was sealed over; null when no set was added.</param>
/// <param name="Trace">What was signed and sealed.</param>
internal sealed record SignedHeader(ReadOnlyMemory<byte> Header, ArcVerdict? Sealed, ImmutableArray<TraceEvent> Trace)
{
    /// <summary>The whole copy: header, empty line, body.</summary>
    public byte[] With(ReadOnlyMemory<byte> body) => [.. Header.Span, .. "\r\n"u8, .. body.Span];
}

/// <summary>Signs and seals a prepared post, last of all, and checks the result as a receiver would (order of operations, steps 11 to 14).</summary>
/// <param name="resolver">Answers for the keys of earlier hops when the result is checked.</param>
/// <param name="time">The clock of signatures.</param>
internal sealed class CopySigner(IDnsResolver resolver, TimeProvider time)
{
    // AUTH-47: what differs from member to member stands outside a seal that all copies share.
    private static readonly ArcSealingOptions SharedByPersonalCopies = new()
    {
        Fields = SignedFields.StandardForArc.Without("List-Unsubscribe", "List-Unsubscribe-Post"),
    };

    /// <summary>Signs and seals.</summary>
    /// <param name="prepared">The cooked post.</param>
    /// <param name="post">The post as it came.</param>
    /// <param name="identity">The list domain's.</param>
    /// <param name="isPersonal">True when each member's copy gets its own DKIM-Signature as it leaves: then only the seal is made here.</param>
    public SignedHeader Sign(PreparedPost prepared, Post post, SigningIdentity identity, bool isPersonal)
    {
        var trace = ImmutableArray.CreateBuilder<TraceEvent>();
        var body = BodyHash.Compute(prepared.Body.Span);
        var header = prepared.Header;
        if (!isPersonal)
        {
            var signature = new DkimSigner(identity, time: time).Sign(Fields(header), body);
            header = (byte[])[.. signature, .. header.Span];
            trace.Add(Line("dkim", $"signed by {identity.Domain}, selector {identity.Selector}, {identity.Key.Algorithm}"));
        }

        if (prepared.IsAnonymous)
        {
            trace.Add(Line("arc", "not sealed: the list does not tell who its authors are"));
            return new SignedHeader(header, null, trace.ToImmutable());
        }

        var sealer = new ArcSealer(identity, isPersonal ? SharedByPersonalCopies : null, time);
        if (!sealer.TrySeal(Fields(header), body, post.Report.Arc, post.AuthenticationResults, out var set, out var refusal))
        {
            trace.Add(Line("arc", $"not sealed: {refusal}"));
            return new SignedHeader(header, null, trace.ToImmutable());
        }

        var over = post.Report.Arc.Verdict;
        trace.Add(Line("arc", $"sealed as i={set.Instance} with cv={over.ToString().ToLowerInvariant()}"));
        return new SignedHeader((byte[])[.. set.ToOctets(), .. header.Span], over, trace.ToImmutable());
    }

    /// <summary>
    /// Verifies a copy as it stands on disk, with the verifier that receives: the keys in use come from memory, all others from DNS.
    /// </summary>
    /// <returns>Why the copy must not leave, in words; null when all is well.</returns>
    public async Task<string?> CheckAsync(
        RawMessage copy, SignedHeader signed, SigningIdentity identity, bool isPersonal, CancellationToken cancellationToken)
    {
        var own = new OwnKeyResolver(identity, resolver);
        if (!isPersonal)
        {
            var results = await new DkimVerifier(own, time: time).VerifyAsync(copy, cancellationToken);
            if (results is not [{ Verdict: DkimVerdict.Pass }, ..])
            {
                return $"our own DKIM signature does not verify: {(results.IsEmpty ? "it is not there" : results[0].Reason)}";
            }
        }

        // A seal that says cv=fail is right in itself, and fails for every receiver by design (RFC 8617 §5.2, step 2).
        if (signed.Sealed is ArcVerdict.None or ArcVerdict.Pass)
        {
            var arc = await new ArcVerifier(own, time: time).VerifyAsync(copy, cancellationToken);
            if (arc.Verdict != ArcVerdict.Pass)
            {
                return $"our own seal does not verify: {arc.Reason}";
            }
        }

        return null;
    }

    private static ImmutableArray<HeaderField> Fields(ReadOnlyMemory<byte> header) => RawMessage.Parse(header).Fields;

    private TraceEvent Line(string outcome, string detail) => new(time.GetUtcNow(), TraceStage.Signing, outcome, detail);
}
