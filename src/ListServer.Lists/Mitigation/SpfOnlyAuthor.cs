using ListServer.MailAuth;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Lists.Mitigation;

/// <summary>Authors whose domain is strict and whose mail nothing but SPF proves: no list and no forwarding leaves that whole, so that they should hear of it.</summary>
public static class SpfOnlyAuthor
{
    /// <summary>The author's domain; empty for all other authors.</summary>
    public static string DomainOf(AuthenticationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Dmarc is { Verdict: DmarcVerdict.Pass, DkimAligned: false, Policy: DmarcPolicy.Quarantine or DmarcPolicy.Reject } ? report.Author.Domain ?? "" : "";
    }
}
