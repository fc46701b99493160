using ListServer.Lists;
using ListServer.MailAuth;
using ListServer.Reception;
using ListServer.Smtp;

namespace ListServer.Correspondence;

/// <summary>Handles mail to the addresses beside the posting address: -owner, -request, -join, -leave, -confirm, -bounces, postmaster.</summary>
internal sealed class CorrespondenceDesk(TimeProvider time)
{
    /// <summary>Does what the message asks for, durably, and answers in the session.</summary>
    public Task<SmtpReply> HandleAsync(ListAddress recipient, RawMessage message, Verified verified, CancellationToken cancellationToken) =>
        Task.FromResult(new SmtpReply(451, "4.3.0", $"Not now ({time.GetUtcNow():O})"));
}
