using System.Collections.Immutable;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;

namespace ListServer.MailAuth.Reports;

/// <summary>Where a policy domain's aggregate reports go, as DNS says now.</summary>
/// <param name="Record">The record as it is to be applied; null when there is none.</param>
/// <param name="Addresses">Mail addresses that may be written to, in the record's order; may be empty.</param>
/// <param name="Ignored">What of rua= is passed over, with the reason, in words.</param>
/// <param name="Failure">Why it is not known now, though it may be later; or null.</param>
public sealed record ReportDestinations(DmarcRecord? Record, ImmutableArray<string> Addresses, ImmutableArray<string> Ignored, string? Failure);

/// <summary>Finds out where reports go, and whether who is named there wants them (RFC 9990 §3.5, §4; AUTH-18).</summary>
/// <param name="resolver">Answers.</param>
/// <remarks>Safe for concurrent use. DNS trouble and bad records are results; only cancellation throws.</remarks>
public sealed class ReportDestinationFinder(IDnsResolver resolver)
{
    // RFC 9990 §3.5: a receiver's own limit. A report has one recipient, hardly ever three.
    private const int MaxUris = 5;

    /// <summary>Looks at the record of a policy domain, and at the consent of each destination outside its Organizational Domain.</summary>
    /// <param name="policyDomain">Where the record stands, behind "_dmarc.".</param>
    /// <param name="cancellationToken">Ends the questions.</param>
    public async Task<ReportDestinations> FindAsync(string policyDomain, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policyDomain);
        var walker = new DmarcWalker(resolver);
        var (found, failure) = await walker.GetAsync(policyDomain, cancellationToken).ConfigureAwait(false);
        if (failure is not null || found?.Applicable() is not { } record)
        {
            return new ReportDestinations(null, [], [], failure is null ? null : ShownText.Of(failure));
        }

        var addresses = ImmutableArray.CreateBuilder<string>();
        var ignored = ImmutableArray.CreateBuilder<string>();
        foreach (var uri in record.AggregateReportUris)
        {
            if (addresses.Count + ignored.Count >= MaxUris)
            {
                ignored.Add(ShownText.Of($"{uri}: one of more than {MaxUris}"));
                break;
            }

            var destination = await CheckAsync(walker, policyDomain, uri, cancellationToken).ConfigureAwait(false);
            if (destination.IsFailure)
            {
                return new ReportDestinations(record, [], [], ShownText.Of($"{uri}: {destination.Problem}"));
            }

            addresses.AddRange(destination.Addresses.Where(address => !addresses.Contains(address, StringComparer.OrdinalIgnoreCase)));
            if (destination.Problem is { } problem)
            {
                ignored.Add(ShownText.Of($"{uri}: {problem}"));
            }
        }

        return new ReportDestinations(record, addresses.ToImmutable(), ignored.ToImmutable(), null);
    }

    private async Task<Destination> CheckAsync(DmarcWalker walker, string policyDomain, string uri, CancellationToken cancellationToken)
    {
        if (AddressOf(uri) is not { } address)
        {
            return new Destination([], "no mail address that could be written to");
        }

        var host = address[(address.LastIndexOf('@') + 1)..];
        var (ours, theirs) = (await walker.WalkAsync(policyDomain, cancellationToken).ConfigureAwait(false), await walker.WalkAsync(host, cancellationToken).ConfigureAwait(false));
        if ((ours.Failure ?? theirs.Failure) is { } failure)
        {
            return new Destination([], failure, IsFailure: true);
        }

        return ours.OrganizationalDomain == theirs.OrganizationalDomain
            ? new Destination([address], null)
            : await AskAsync($"{policyDomain}._report._dmarc.{host}", address, host, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>RFC 9990 §4: whether a destination outside wants the reports.</summary>
    private async Task<Destination> AskAsync(string name, string address, string host, CancellationToken cancellationToken)
    {
        // Step 4: such a name can't be asked for.
        if (DomainName.ToAscii(name) is null)
        {
            return new Destination([], $"{name} is too long for DNS");
        }

        var answer = await resolver.QueryAsync(name, DnsRecordType.Txt, cancellationToken).ConfigureAwait(false);
        if (answer.Status == DnsStatus.Failure)
        {
            return new Destination([], $"{name}: DNS failed: {answer.Reason}", IsFailure: true);
        }

        // Steps 6 to 8: any one record will do.
        ImmutableArray<DmarcRecord> records = [.. answer.Records.OfType<TxtRecord>().Select(txt => DmarcRecord.TryParse(txt.Text, out var record) ? record : null).OfType<DmarcRecord>()];
        if (records.IsEmpty)
        {
            return new Destination([], $"outside, and {name} does not say v=DMARC1");
        }

        if (records.FirstOrDefault(record => !record.AggregateReportUris.IsEmpty) is not { } overriding)
        {
            return new Destination([address], null);
        }

        // Step 9: the destination may name another address of the same host; one elsewhere ends it for both.
        ImmutableArray<string?> others = [.. overriding.AggregateReportUris.Select(AddressOf).Take(MaxUris)];
        return others.All(other => other is not null && other.EndsWith("@" + host, StringComparison.Ordinal))
            ? new Destination([.. others.OfType<string>()], null)
            : new Destination([], $"{name} sends the reports on to another host");
    }

    /// <summary>The one address of a mailto URI (RFC 6068 §2), its domain in lower-case A-labels; null for any other URI.</summary>
    private static string? AddressOf(string uri)
    {
        const string Scheme = "mailto:";
        if (!uri.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var path = Uri.UnescapeDataString(uri[Scheme.Length..].Split('?')[0]);
        var at = path.LastIndexOf('@');
        return at is > 0 and <= 64 && path[..at].All(IsAtomText) && path[0] != '.' && path[at - 1] != '.' && !path.Contains("..", StringComparison.Ordinal)
            && DomainName.ToAscii(path[(at + 1)..]) is { } domain && domain.Contains('.', StringComparison.Ordinal)
            ? $"{path[..at]}@{domain}"
            : null;
    }

    /// <summary>dot-atom-text of RFC 5322 §3.2.3: what needs no quotes on any way.</summary>
    private static bool IsAtomText(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal);

    private readonly record struct Destination(ImmutableArray<string> Addresses, string? Problem, bool IsFailure = false);
}
