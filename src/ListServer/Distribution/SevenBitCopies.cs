using ListServer.Lists;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.Outbound;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Distribution;

/// <summary>
/// Makes the variant of a copy for hosts that do not offer 8BITMIME (RFC 6152 §3, AUTH-37): from the post as it came, cooked in ASCII, judged,
/// signed and sealed anew. What is signed is never encoded afterwards. Made when the first such host is met, since there are few.
/// </summary>
internal sealed class SevenBitCopies(ListStore store, CopySigner signer, SigningKeys keys, HouseKitchen kitchen, TimeProvider time)
{
    /// <summary>The variant's octets, or why there is none.</summary>
    public async Task<SevenBitCopy> MakeAsync(QueueGroup group, CancellationToken cancellationToken)
    {
        if (store.FindPost(group.PostId) is not { } post || store.FindList(post.List) is not { } list)
        {
            return new SevenBitCopy(null, "the post or its list is gone");
        }

        if (keys.Find(list.Domain, out var problem) is not { } identity)
        {
            return new SevenBitCopy(null, problem, IsLasting: false);
        }

        using var content = store.Spool.Open(post.Id);
        var prepared = kitchen.Prepare(list, post, RawMessage.Parse(content.Octets), isSevenBit: true);
        if (prepared.Verdict is not Verdict.Accept)
        {
            return new SevenBitCopy(null, prepared.Verdict.Reason);
        }

        // As it was queued, whatever the list's setting has become.
        var isPersonal = group.Recipients.Any(recipient => recipient.Data is not null);
        var signed = signer.Sign(prepared, post, identity, isPersonal);
        var octets = signed.With(prepared.Body);
        if (!System.Text.Ascii.IsValid(octets))
        {
            return new SevenBitCopy(null, "something in it is signed, encrypted, or an address, and has no form in ASCII");
        }

        if (await signer.CheckAsync(RawMessage.Parse(octets), signed, identity, isPersonal, cancellationToken) is { } fault)
        {
            return new SevenBitCopy(null, fault);
        }

        await store.CommitAsync(
            [new TraceAdded(post.Id, [new TraceEvent(time.GetUtcNow(), TraceStage.Cooking, "7-bit copy", $"made for {group.Destination}, whose host does not offer 8BITMIME; {prepared.Decision.Why}")])],
            cancellationToken);
        return new SevenBitCopy(octets);
    }
}
