using System.Net;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Spf;

/// <summary>Says whether a client may send for a domain (RFC 7208).</summary>
/// <remarks>Safe for concurrent use. DNS trouble and bad records are results; only cancellation throws.</remarks>
public sealed class SpfEvaluator
{
    private const int MaximumPath = 256;
    private readonly IDnsResolver _resolver;
    private readonly TimeProvider _time;
    private readonly SpfOptions _options;

    /// <summary>Makes an evaluator.</summary>
    /// <param name="resolver">Answers the questions.</param>
    /// <param name="time">The clock of the time limit and of the macro t.</param>
    /// <param name="options">Null for the defaults.</param>
    public SpfEvaluator(IDnsResolver resolver, TimeProvider time, SpfOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(time);
        _resolver = resolver;
        _time = time;
        _options = options ?? new SpfOptions();
    }

    /// <summary>Checks the MAIL FROM identity (RFC 7208 §2.4): for the null reverse-path that is postmaster@HELO.</summary>
    /// <param name="client">The SMTP client; an IPv4-mapped IPv6 address counts as IPv4 (§5).</param>
    /// <param name="helo">The HELO or EHLO name as given.</param>
    /// <param name="mailFrom">The reverse-path without angle brackets; empty for the null one.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public ValueTask<SpfResult> CheckMailFromAsync(
        IPAddress client, string helo, string mailFrom, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(helo);
        ArgumentNullException.ThrowIfNull(mailFrom);
        var at = mailFrom.LastIndexOf('@');
        return mailFrom.Length == 0
            ? CheckAsync(client, helo, "", helo, cancellationToken)
            : CheckAsync(client, helo, at < 0 ? "" : mailFrom[..at], mailFrom[(at + 1)..], cancellationToken);
    }

    /// <summary>Checks the HELO identity (RFC 7208 §2.3).</summary>
    /// <param name="client">The SMTP client.</param>
    /// <param name="helo">The HELO or EHLO name as given.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public ValueTask<SpfResult> CheckHeloAsync(IPAddress client, string helo, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(helo);
        return CheckAsync(client, helo, "", helo, cancellationToken);
    }

    private async ValueTask<SpfResult> CheckAsync(
        IPAddress client, string helo, string localPart, string domain, CancellationToken cancellationToken)
    {
        var bare = domain.EndsWith('.') ? domain[..^1] : domain;

        // RFC 7208 §4.3: a malformed or single-label domain is none. RFC 8616 §4: U-labels are looked up as A-labels.
        if (DomainName.ToAscii(bare) is not { } ascii || !ascii.Contains('.', StringComparison.Ordinal))
        {
            var reason = bare.Length == 0 ? "there is no domain to check" : "the domain to check is not a fully qualified name";
            return new SpfResult(SpfVerdict.None, bare, reason);
        }

        // RFC 5321 §4.5.3.1: what is longer came by no SMTP, and macros would repeat it (AUTH-98).
        if (localPart.Length > MaximumPath || helo.Length > MaximumPath)
        {
            return new SpfResult(SpfVerdict.None, ascii, $"the local part or the HELO name has more than {MaximumPath} octets");
        }

        var sender = new SpfSender(
            client.IsIPv4MappedToIPv6 ? client.MapToIPv4() : client, helo, localPart.Length == 0 ? "postmaster" : localPart, ascii);
        var check = new SpfCheck(_resolver, _time, _options, sender);
        var outcome = await check.CheckHostAsync(ascii, cancellationToken).ConfigureAwait(false);
        var explanation = outcome.Verdict == SpfVerdict.Fail
            ? await check.ExplainAsync(outcome, cancellationToken).ConfigureAwait(false)
            : null;
        return new SpfResult(outcome.Verdict, ascii, ShownText.Of(outcome.Reason), explanation) { Steps = check.Steps };
    }
}
