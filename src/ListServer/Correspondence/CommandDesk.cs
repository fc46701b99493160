using ListServer.Admin;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.Lists.Commands;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth;
using ListServer.Smtp;
using ListServer.Store;

namespace ListServer.Correspondence;

/// <summary>Does what mail to -request, -join, -leave and -confirm asks for.</summary>
internal sealed class CommandDesk(
    ListStore store, LocalDesk desk, SigningKeys keys, OutgoingMail outgoing, AnswerLimits answers, OperatorTrust trust, TimeProvider time)
{
    private static readonly SmtpReply Unverified = new(
        550, "5.7.1", "Neither SPF nor DKIM shows that the author sent these commands; nothing was done");

    private static readonly SmtpReply BadToken = new(
        550, "5.7.1", "This confirmation is not known: it was used already, or is too old. Please begin anew");

    /// <summary>Whether or not an address is a member, the reply is the same (AUTH-97).</summary>
    public async Task<SmtpReply> HandleAsync(
        ListAddress recipient, MailingList list, RawMessage message, Verified verified, CancellationToken cancellationToken)
    {
        var author = verified.Report.Author;
        if (!author.IsValid)
        {
            return new SmtpReply(550, "5.7.1", $"The From field does not hold exactly one valid address: {author.Reason}");
        }

        if (!MemberAddress.TryParse(author.Address!, out var address, out var error))
        {
            return new SmtpReply(550, "5.1.7", error!);
        }

        if (AutoReply.Problem(verified.Envelope, message, address!, IsOurs) is { } problem)
        {
            return SmtpReply.Ok($"Taken; neither obeyed nor answered, for {problem}");
        }

        // AUTH-10: what can't be asked now is no answer. A token needs none.
        if (recipient is not ListAddress.Confirm && AuthorStanding.Of(verified.Report, verified.Envelope, trust).State is AuthorState.DnsError)
        {
            return new SmtpReply(451, "4.7.0", "DNS does not answer for the author's domain now, try again later");
        }

        if (keys.Find(list.Domain, out var missing) is not { } identity)
        {
            return new SmtpReply(451, "4.3.0", $"This list can't answer yet: {missing}");
        }

        var mail = CommandMail.Read(recipient, message, address!);
        var authority = CommandAuthority.Of(verified.Report, verified.Envelope, trust);
        var run = new CommandRun(list, address!, authority, desk.For($"{address} by mail"), verified.Envelope.ClientAddress, Evidence(verified, authority));
        foreach (var step in CommandStep.Plan(mail, list, authority))
        {
            await run.DoAsync(step, cancellationToken);
        }

        foreach (var (kind, facts) in run.Notices(answers, mail.IsCut))
        {
            await outgoing.SendAsync(kind, facts, PostContent.Read(message).MessageId, identity, cancellationToken);
        }

        return run switch
        {
            { HasBadToken: true } when recipient is ListAddress.Confirm => BadToken,
            { IsAllPassedOver: true } => Unverified,
            _ => SmtpReply.Ok("Taken"),
        };
    }

    private bool IsOurs(string address) =>
        ListAddress.TryParse(address, name => store.FindList(name), domain => store.FindDomain(domain) is not null, out _);

    private string Evidence(Verified verified, Authority authority) =>
        $"by mail on {time.GetUtcNow():u} from [{verified.Envelope.ClientAddress}], {(authority is Authority.Acting ? "author authenticated" : "author not authenticated")}";
}
