using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.Reports;
using ListServer.Returns;
using ListServer.Smtp;

namespace ListServer.Correspondence;

/// <summary>
/// Handles mail to the addresses beside the posting address: -owner, -request, -join, -leave, -confirm, -bounces, postmaster, abuse, dmarc-reports.
/// All is done within the session: a positive reply says that whatever is to be sent is in the queue.
/// </summary>
internal sealed class CorrespondenceDesk(CommandDesk commands, ForwardingDesk forwarding, ReturnDesk returns, ReportDesk reports)
{
    /// <summary>Does what the message asks for, durably, and answers in the session.</summary>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public Task<SmtpReply> HandleAsync(ListAddress recipient, RawMessage message, Verified verified, CancellationToken cancellationToken) => recipient switch
    {
        ListAddress.Request(var list) => commands.HandleAsync(recipient, list, message, verified, cancellationToken),
        ListAddress.Join(var list) => commands.HandleAsync(recipient, list, message, verified, cancellationToken),
        ListAddress.Leave(var list) => commands.HandleAsync(recipient, list, message, verified, cancellationToken),
        ListAddress.Confirm(var list, _) => commands.HandleAsync(recipient, list, message, verified, cancellationToken),
        ListAddress.Owner(var list) => forwarding.ToOwnersAsync(list, message, verified, cancellationToken),
        ListAddress.Contact(var mailbox, var domain) => forwarding.ToPostmasterAsync(mailbox, domain, message, verified, cancellationToken),
        ListAddress.Bounces(var list, var token) => returns.HandleAsync(list, token, message, verified, cancellationToken),
        ListAddress.Report(var domain) => reports.HandleAsync(domain, message, verified, cancellationToken),
        _ => Task.FromResult(new SmtpReply(550, "5.1.1", "There is no such address here")),
    };
}
