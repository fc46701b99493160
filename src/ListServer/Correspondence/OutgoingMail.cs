using System.Collections.Immutable;
using ListServer.Configuration;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Correspondence;

/// <summary>Puts what the server writes itself into the queue: signed by the list's domain, durable when the call returns.</summary>
internal sealed class OutgoingMail(ListStore store, NoticeTemplates templates, ServerOptions options, TimeProvider time)
{
    /// <summary>Writes, signs and queues a notice. Its reverse-path is null (RFC 3834 §3.3): nothing ever answers it.</summary>
    /// <param name="kind">Which notice.</param>
    /// <param name="facts">What it is about, and whom it goes to.</param>
    /// <param name="inReplyTo">The Message-ID of what it answers; empty for nothing.</param>
    /// <param name="identity">Signs it.</param>
    /// <param name="cancellationToken">Heeded before anything is durable only.</param>
    public Task SendAsync(NoticeKind kind, NoticeFacts facts, string inReplyTo, SigningIdentity identity, CancellationToken cancellationToken)
    {
        var mail = Mail(kind, facts) with { InReplyTo = inReplyTo };
        return QueueAsync(Sign(mail.ToOctets(), identity, time), facts.List.Address, "", [facts.Address], null, cancellationToken);
    }

    /// <summary>Writes, signs and queues what nobody's mail brought about, and what is changed by its having been sent, in one commit.</summary>
    /// <param name="kind">Which notice.</param>
    /// <param name="facts">What it is about; its address stands in To.</param>
    /// <param name="reversePath">MAIL FROM: null, but for a probe.</param>
    /// <param name="readers">Whom it goes to.</param>
    /// <param name="identity">Signs it.</param>
    /// <param name="together">What becomes different with it, by the name of its octets in the spool; null for nothing.</param>
    /// <param name="cancellationToken">Heeded before anything is durable only.</param>
    public Task SendUnaskedAsync(
        NoticeKind kind, NoticeFacts facts, string reversePath, IEnumerable<string> readers, SigningIdentity identity, Func<string, Change[]>? together, CancellationToken cancellationToken)
    {
        var mail = Mail(kind, facts) with { IsAnswer = false };
        return QueueAsync(Sign(mail.ToOctets(), identity, time), facts.List.Address, reversePath, readers, together, cancellationToken);
    }

    /// <summary>Writes, signs and queues what the server itself has to say to somebody.</summary>
    /// <param name="kind">Which notice.</param>
    /// <param name="facts">What it is about; its list stands for the postmaster of a domain.</param>
    /// <param name="identity">Signs it.</param>
    /// <param name="cancellationToken">Heeded before anything is durable only.</param>
    public Task SendOfServerAsync(NoticeKind kind, NoticeFacts facts, SigningIdentity identity, CancellationToken cancellationToken)
    {
        var mail = new NoticeMail(facts.List, facts.Address, templates.Render(kind, facts), OrderedId.New(time), time.GetUtcNow()) { IsOfServer = true, IsAnswer = false };
        return QueueAsync(Sign(mail.ToOctets(), identity, time), facts.List.Address, "", [facts.Address], null, cancellationToken);
    }

    /// <summary>What a notice says, without its token.</summary>
    public string Wording(NoticeKind kind, NoticeFacts facts) => templates.Render(kind, facts with { Token = "…" }).Text;

    /// <summary>Queues signed octets.</summary>
    /// <param name="octets">The whole message.</param>
    /// <param name="list">The posting address of the list that sends it.</param>
    /// <param name="reversePath">MAIL FROM; empty for the null reverse-path.</param>
    /// <param name="recipients">At least one.</param>
    /// <param name="together">What becomes different with it, in the same commit, by the name of its octets in the spool; null for nothing.</param>
    /// <param name="cancellationToken">Heeded before anything is durable only.</param>
    public async Task QueueAsync(
        ReadOnlyMemory<byte> octets, string list, string reversePath, IEnumerable<string> recipients, Func<string, Change[]>? together, CancellationToken cancellationToken)
    {
        var (id, now) = (OrderedId.New(time), time.GetUtcNow());
        ImmutableArray<QueueGroup> groups = [.. recipients.GroupBy(MemberAddress.DomainOf).Select(destination => new QueueGroup(
            OrderedId.New(time),
            id,
            list,
            destination.Key,
            id,
            reversePath,
            [.. destination.Select(address => new QueueRecipient(address))],
            now,
            now + options.Outbound.Expiry))];
        await store.Spool.StoreAsync(id, octets, cancellationToken);
        try
        {
            await store.CommitAsync(together is null ? [new MailQueued(groups)] : [new MailQueued(groups), .. together(id)], cancellationToken);
        }
        catch
        {
            store.Spool.Remove(id);
            throw;
        }
    }

    private NoticeMail Mail(NoticeKind kind, NoticeFacts facts)
    {
        var notice = templates.Render(kind, facts);
        var replyTo = facts.Token.Length > 0 ? ConfirmationToken.AnswerAddress(facts.List, facts.Token) : null;
        if (facts.Token.Length > 0 && replyTo is null)
        {
            // The token does not fit into an address of this list: an answer brings it in its subject.
            notice = notice with { Subject = $"confirm {facts.Token}" };
        }

        return new NoticeMail(facts.List, facts.Address, notice, OrderedId.New(time), time.GetUtcNow()) { ReplyTo = replyTo, Attached = facts.Attached };
    }

    /// <summary>A mail of our own with its signature.</summary>
    public static byte[] Sign(byte[] octets, SigningIdentity identity, TimeProvider time) =>
        [.. new DkimSigner(identity, time: time).Sign(RawMessage.Parse(octets)), .. octets];
}
