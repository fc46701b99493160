using ListServer.Configuration;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Spf;

namespace ListServer.Reception;

/// <summary>
/// The SPF result of an MTA in front that has verified already. SPF alone depends on the client's address, which only that MTA saw;
/// DKIM, ARC and DMARC are found again on the octets.
/// </summary>
internal static class TrustedResults
{
    /// <summary>Reads it from the topmost Authentication-Results field of the trusted authserv-id; null when there is none to be trusted.</summary>
    public static SpfResult? Spf(RawMessage message, LmtpOptions options)
    {
        if (options.TrustedAuthservId.Length == 0)
        {
            return null;
        }

        var received = 0;
        foreach (var field in message.Fields)
        {
            // Below the trusted servers' own Received fields stands what the client wrote: RFC 8601 §5 leaves that to us.
            if (field.Is("Received") && ++received > options.TrustedReceived)
            {
                return null;
            }

            if (field.Is(ResultsField.FieldName)
                && ResultsField.TryParse(field.RawValue.Span, out var results, out _)
                && results.IsFrom(options.TrustedAuthservId))
            {
                return Spf(results, options.TrustedAuthservId);
            }
        }

        return null;
    }

    private static SpfResult? Spf(ResultsField results, string authservId)
    {
        foreach (var result in results.Results.Where(result => result.Method.Equals("spf", StringComparison.OrdinalIgnoreCase)))
        {
            var mailFrom = result.Properties.FirstOrDefault(property => property is { PropertyType: "smtp", Property: "mailfrom" })?.Value;
            if (mailFrom is not null && Enum.TryParse<SpfVerdict>(result.Result, ignoreCase: true, out var verdict))
            {
                return new SpfResult(verdict, MemberAddress.DomainOf(mailFrom), $"found by {authservId}");
            }
        }

        return null;
    }
}
