using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.Author;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Dns;
using ListServer.MailAuth.Spf;

namespace ListServer.Lists.Tests.Mitigation;

/// <summary>What came beside a post of Data/DecisionTable.</summary>
public sealed record Arrival(
    bool SpfPasses = false, bool SpfFails = false, bool IsSealed = false, bool IsDnsDown = false, string? ApprovedBy = null);

/// <summary>The posts of Data/DecisionTable and what was found on them: DKIM by verifying them, the policy by their zone, the rest as a case says.</summary>
internal static class SignedPosts
{
    public static string PathTo(string file) => Path.Combine(AppContext.BaseDirectory, "Data", "DecisionTable", file);

    public static async Task<AuthenticationReport> ReportAsync(string name, RawMessage raw, Arrival arrival)
    {
        var zone = new FileZone(PathTo($"{name}.dns"));
        var dkim = await new DkimVerifier(zone).VerifyAsync(raw, TestContext.Current.CancellationToken);
        var author = AuthorField.Read(raw);
        var dkimAligned = dkim.Any(d => d.Verdict is DkimVerdict.Pass && d.Domain == author.Domain);
        var policy = zone.Policy(author.Domain ?? "author.example");
        var verdict = arrival.IsDnsDown ? DmarcVerdict.TempError
            : policy is null ? DmarcVerdict.None
            : dkimAligned || arrival.SpfPasses ? DmarcVerdict.Pass
            : DmarcVerdict.Fail;
        return Reports.Alice with
        {
            Author = author,
            SpfMailFrom = new SpfResult(
                arrival.SpfPasses ? SpfVerdict.Pass : arrival.SpfFails ? SpfVerdict.Fail : SpfVerdict.None, "author.example", ""),
            Dkim = dkim,
            Arc = arrival.IsSealed
                ? new ArcResult(ArcVerdict.Pass, 1, 0, ["sealer.example"], false, "", "mx.sealer.example; dmarc=pass header.from=author.example")
                : Reports.Alice.Arc,
            Dmarc = new DmarcResult(
                verdict, author.Domain ?? "", policy is null ? null : author.Domain, author.Domain, arrival.IsDnsDown ? null : policy,
                DmarcPolicy.None, false, arrival.SpfPasses, dkimAligned, "as the test says"),
        };
    }

    private sealed class FileZone(string path) : IDnsResolver
    {
        private readonly Dictionary<string, string> _records = File.ReadLines(path)
            .Select(line => line.Split(" TXT ", 2)).ToDictionary(parts => parts[0], parts => parts[1]);

        public DmarcPolicy? Policy(string domain) =>
            _records.GetValueOrDefault($"_dmarc.{domain}") is { } record ? Enum.Parse<DmarcPolicy>(record.Split("p=")[1], ignoreCase: true) : null;

        public ValueTask<DnsAnswer> QueryAsync(string name, DnsRecordType type, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(_records.TryGetValue(name.TrimEnd('.'), out var text)
                ? new DnsAnswer(DnsStatus.Success, [new TxtRecord(text)], TimeSpan.FromMinutes(5))
                : DnsAnswer.Empty(DnsStatus.NxDomain));
    }
}
