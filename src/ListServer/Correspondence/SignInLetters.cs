using ListServer.Admin.People;
using ListServer.Distribution;
using ListServer.Lists;
using ListServer.Lists.Notices;
using ListServer.Store;
using Microsoft.Extensions.Logging;

namespace ListServer.Correspondence;

/// <summary>Writes links to people who want to sign in. The domain of a list of theirs signs them, or else any that has a key.</summary>
internal sealed partial class SignInLetters(ListStore store, SigningKeys keys, OutgoingMail outgoing, Func<Uri?> webAddress, ILogger<SignInLetters> log)
{
    /// <exception cref="IOException">The disk is full or broken.</exception>
    public async Task SendAsync(SignInLetter letter, CancellationToken cancellationToken)
    {
        var problem = "there is no domain";
        string[] domains = [.. letter.From is { } from ? [from.Domain] : Array.Empty<string>(), .. store.Domains.Select(domain => domain.Name)];
        foreach (var domain in domains)
        {
            if (keys.Find(domain, out problem) is { } identity && webAddress() is { } web)
            {
                var postmaster = new MailingList { LocalPart = "postmaster", Domain = domain, DisplayName = "ListServer", Language = letter.Language };
                var link = $"{web.ToString().TrimEnd('/')}/in/{letter.Token}{(letter.ReturnTo == "/" ? "" : "?to=" + Uri.EscapeDataString(letter.ReturnTo))}";
                await outgoing.SendOfServerAsync(NoticeKind.SignIn, new NoticeFacts(postmaster, letter.To) { Link = link }, identity, cancellationToken);
                return;
            }
        }

        LogUnsent(log, problem);
    }

    [LoggerMessage(1, LogLevel.Warning, "Somebody wants to sign in and can't be written to: {Problem}")]
    private static partial void LogUnsent(ILogger logger, string problem);
}
