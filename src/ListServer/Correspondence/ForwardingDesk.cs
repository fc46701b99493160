using ListServer.Configuration;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.Lists.Commands;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;
using ListServer.Smtp;
using ListServer.Store;

namespace ListServer.Correspondence;

/// <summary>Hands mail for people on to them, prepared, signed and sealed like a post: what can't be vouched for is refused in the session (AUTH-70).</summary>
internal sealed class ForwardingDesk(
    ListStore store, Owners owners, SigningKeys keys, HouseKitchen kitchen, CopySigner signer, OutgoingMail outgoing, OperatorTrust trust, ServerOptions options, TimeProvider time)
{
    private static readonly string[] PostingFields = ["List-Post", "List-Help", "List-Owner", "List-Subscribe", "List-Unsubscribe"];

    /// <summary>Mail to a list's -owner address. What comes back goes to the list's bounce address, where it changes nothing.</summary>
    public Task<SmtpReply> ToOwnersAsync(MailingList list, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        var face = Face($"{list.LocalPart}-owner", list.Domain, $"{list.DisplayName} owners");
        var readers = owners.Of(list);
        return ForwardAsync(face, readers.Count > 0 ? readers : Postmaster, list.RoleAddress("bounces"), message, verified, cancellationToken);
    }

    /// <summary>Mail to postmaster or abuse (RFC 2142): to the operator, or else to the owners of the domain's lists.</summary>
    public Task<SmtpReply> ToPostmasterAsync(
        string mailbox, string domain, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        // A postmaster without a domain (RFC 5321 §4.5.1) is that of all of them.
        var lists = store.Lists.Where(list => domain.Length == 0 || list.Domain == domain);
        var readers = Postmaster.Count > 0 ? Postmaster : [.. lists.SelectMany(owners.Of).Distinct(StringComparer.OrdinalIgnoreCase)];
        var speaker = domain.Length > 0 ? domain : store.Domains[0].Name;
        return ForwardAsync(Face(mailbox, speaker, $"{mailbox} of {speaker}"), readers, "", message, verified, cancellationToken);
    }

    private IReadOnlyList<string> Postmaster => options.Postmaster.Length > 0 ? [options.Postmaster] : [];

    private async Task<SmtpReply> ForwardAsync(
        MailingList face, IReadOnlyList<string> readers, string reversePath, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        var verdict = OwnerMail.Decide(new Candidate
        {
            List = face,
            Envelope = verified.Envelope,
            Report = verified.Report,
            Message = message,
            Author = null,
            Trust = trust,
        });
        if (verdict is not Verdict.Accept)
        {
            return Reply(verdict);
        }

        if (readers.Count == 0)
        {
            return new SmtpReply(550, "5.2.1", "Nobody has been named yet to read this address");
        }

        if (keys.Find(face.Domain, out var missing) is not { } identity)
        {
            return new SmtpReply(451, "4.3.0", $"This can't be handed on yet: {missing}");
        }

        var post = verified.ToPost(face.Address, OrderedId.New(time), message, time.GetUtcNow());
        var prepared = kitchen.Prepare(face, post, message);
        if (prepared.Verdict is not Verdict.Accept)
        {
            return Reply(prepared.Verdict);
        }

        var signed = signer.Sign(prepared.Without(PostingFields), post, identity, isPersonal: false);
        var octets = signed.With(prepared.Body);
        if (await signer.CheckAsync(RawMessage.Parse(octets), signed, identity, isPersonal: false, cancellationToken) is { } fault)
        {
            return new SmtpReply(451, "4.3.0", $"This can't be handed on now: {fault}");
        }

        await outgoing.QueueAsync(octets, face.Address, reversePath, readers, null, cancellationToken);
        return SmtpReply.Ok("Taken");
    }

    // The address takes part in its own loop check, under a List-Id of its own.
    private static MailingList Face(string localPart, string domain, string name) => new()
    {
        LocalPart = localPart,
        Domain = domain,
        DisplayName = name,
        Posting = PostingPolicy.Open,
        RequireAuthorAuthentication = false,
    };

    private static SmtpReply Reply(Verdict verdict) => verdict switch
    {
        Verdict.Reject(var reason, var code, var enhanced) => new SmtpReply(code, enhanced, reason),
        Verdict.Discard => SmtpReply.Ok("Taken"),
        _ => new SmtpReply(550, "5.7.1", verdict.Reason),
    };
}
