using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Cooking;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dns;

namespace ListServer.Distribution;

/// <summary>A copy that is ready for the queue.</summary>
/// <param name="Octets">Header block, empty line, body.</param>
/// <param name="Trace">What was signed, sealed and checked.</param>
internal sealed record SignedCopy(byte[] Octets, ImmutableArray<TraceEvent> Trace);

/// <summary>Signs and seals a prepared post, last of all, and checks the result as a receiver would (order of operations, steps 11 to 14).</summary>
internal sealed class CopySigner(IDnsResolver resolver, TimeProvider time)
{
    // AUTH-47: what differs from member to member stands outside a seal that all copies share.
    private static readonly ArcSealingOptions SharedByPersonalCopies = new()
    {
        Fields = SignedFields.StandardForArc.Without("List-Unsubscribe", "List-Unsubscribe-Post"),
    };

    /// <summary>Signs and seals. Null, with the reason in words, when the result does not verify: such a copy never leaves.</summary>
    /// <param name="prepared">The cooked post.</param>
    /// <param name="post">The post as it came.</param>
    /// <param name="identity">The list domain's.</param>
    /// <param name="isPersonal">True when each member's copy gets its own DKIM-Signature as it leaves: then only the seal is made here.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public async Task<(SignedCopy? Copy, string Problem)> SignAsync(
        PreparedPost prepared, Post post, SigningIdentity identity, bool isPersonal, CancellationToken cancellationToken)
    {
        var trace = ImmutableArray.CreateBuilder<TraceEvent>();
        var body = BodyHash.Compute(prepared.Body.Span);
        var header = prepared.Header;
        if (!isPersonal)
        {
            byte[] signature = new DkimSigner(identity, time: time).Sign(Fields(header), body);
            header = (byte[])[.. signature, .. header.Span];
            trace.Add(Line("dkim", $"signed by {identity.Domain}, selector {identity.Selector}, {identity.Key.Algorithm}"));
        }

        var sealer = new ArcSealer(identity, isPersonal ? SharedByPersonalCopies : null, time);
        var isSealed = sealer.TrySeal(Fields(header), body, post.Report.Arc, post.AuthenticationResults, out var set, out var refusal);
        if (isSealed)
        {
            header = (byte[])[.. set!.ToOctets(), .. header.Span];
        }

        trace.Add(isSealed
            ? Line("arc", $"sealed as i={set!.Instance} with cv={post.Report.Arc.Verdict.ToString().ToLowerInvariant()}")
            : Line("arc", $"not sealed: {refusal}"));
        byte[] octets = [.. header.Span, .. "\r\n"u8, .. prepared.Body.Span];
        var problem = await CheckAsync(octets, identity, isSealed ? post.Report.Arc.Verdict : null, isPersonal, cancellationToken);
        if (problem.Length > 0)
        {
            return (null, problem);
        }

        trace.Add(Line("checked", "our own verifier accepts the copy"));
        return (new SignedCopy(octets, trace.ToImmutable()), "");
    }

    // One verifier, the same that receives: the keys in use come from memory, all others from DNS (and its cache).
    private async Task<string> CheckAsync(
        byte[] octets, SigningIdentity identity, ArcVerdict? sealedOver, bool isPersonal, CancellationToken cancellationToken)
    {
        var message = RawMessage.Parse(octets);
        var own = new OwnKeyResolver(identity, resolver);
        if (!isPersonal)
        {
            var results = await new DkimVerifier(own, time: time).VerifyAsync(message, cancellationToken);
            if (results is not [{ Verdict: DkimVerdict.Pass }, ..])
            {
                return $"our own DKIM signature does not verify: {(results.IsEmpty ? "it is not there" : results[0].Reason)}";
            }
        }

        // A seal that says cv=fail is right in itself, and fails for every receiver by design (RFC 8617 §5.2, step 2).
        if (sealedOver is ArcVerdict.None or ArcVerdict.Pass)
        {
            var arc = await new ArcVerifier(own, time: time).VerifyAsync(message, cancellationToken);
            if (arc.Verdict != ArcVerdict.Pass)
            {
                return $"our own seal does not verify: {arc.Reason}";
            }
        }

        return "";
    }

    private static ImmutableArray<HeaderField> Fields(ReadOnlyMemory<byte> header) => RawMessage.Parse(header).Fields;

    private TraceEvent Line(string outcome, string detail) => new(time.GetUtcNow(), TraceStage.Signing, outcome, detail);
}
