using System.Collections.Immutable;
using System.Net;
using System.Text;
using ListServer.MailAuth;
using ListServer.MailAuth.Author;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.Fuzz;

/// <summary>Whole verifications against hostile DNS: the answers are the case, and so is who sends (AUTH-98).</summary>
internal static class ZoneTargets
{
    /// <summary>More than an honest check needs: ten terms of ten hosts each, the names of the client, the records themselves.</summary>
    private const int MaxSpfQuestions = 150;

    private const int MaxText = 500;
    private const int MaxSteps = 200;

    private const string Loops = "u+%{i}@a.b.example helo.example\n*\tT\tv=spf1 include:%{d} include:%{l}.%{ir}.b.example a:%{p}.c.example mx exists:%{h}.%{s} ptr:d.example -all\n"
        + "*\tA\t192.0.2.7\n*\tM\tmx.example\n*\tM\tmx2.example\n*\tP\ta.b.example\n*\tP\thost.example\nhost.example\tA\t192.0.2.1\n";

    private const string Redirects = "@example.org [192.0.2.1]\nexample.org\tT\tv=spf1 mx//64 ~exists:%{l1r+-}.%{o}.%{v} redirect=r.%{d2}\nr.example.org\tT\tv=spf1 a:x.%{d}/24 -all exp=why.%{d}\n"
        + "why.r.example.org\tT\t%{s} may not: %{c} %{r} %{t} %{P} http://example.org/?s=%{S}&i=%{I}\nx.r.example.org\tF\t\nexample.org\tM\tm.example\nm.example\tA\t198.51.100.1\n";

    private const string Policies = "a@a.b.c.d.e.f.g.h.example\n_dmarc.example\tT\tv=DMARC1; p=reject; sp=none; np=quarantine; psd=y; rua=mailto:a@b.example!10m,mailto:c@d.example\n"
        + "_dmarc.h.example\tT\tv=DMARC1; p=none; adkim=s; aspf=r; t=y; fo=1:d\n_dmarc.d.e.f.g.h.example\tF\t\n*\tT\tv=DMARC1;\n";

    private const string Message = "a@example.org mx.example\n*\tT\tv=spf1 include:%{d} -all\n*\tT\tv=DMARC1; p=reject; psd=n\n*\tT\tv=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB\n"
        + "s._domainkey.a.example\tT\tv=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n_dmarc.example.org\tT\tv=DMARC1; p=none\n";

    private static readonly IPAddress V4 = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress V6 = IPAddress.Parse("2001:db8::cb01");

    private static readonly RawMessage Signed = RawMessage.Parse(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n"
        + "DKIM-Signature: v=1; a=ed25519-sha256; d=a.example; s=s; h=from; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n", 5)) + "From: a@example.org\r\n\r\n"));

    private static readonly ImmutableArray<DkimResult> Signers =
        [.. Enumerable.Range(0, 20).Select(i => new DkimResult(i % 3 == 0 ? DkimVerdict.TempError : DkimVerdict.Pass, $"x{i}.y.h.example", "s", $"@y{i}.h.example", "rsa-sha256", "", true, null, ""))];

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("spf-zone", o => CheckSpf(o, V4), Loops, Redirects),
        new("spf-zone-6", o => CheckSpf(o, V6), Loops, Redirects),
        new("dmarc-zone", CheckDmarc, Policies, Message),
        new("verify-zone", Verify, Message, Loops, Policies),
    ];

    private static void CheckSpf(byte[] octets, IPAddress client)
    {
        var zone = new OctetZone(octets);
        var (mailFrom, helo) = Sender(zone);
        var result = Now(new SpfEvaluator(zone, TimeProvider.System).CheckMailFromAsync(client, helo, mailFrom));
        Hold(zone.Questions <= MaxSpfQuestions, $"{zone.Questions} questions");
        Hold(result.Reason.Length <= MaxText && (result.Explanation ?? "").Length <= MaxText, "a text is too long");
        Hold(result.Steps.Length <= MaxSteps && result.Steps.All(s => s.Length <= MaxText), "the account is too long");
    }

    private static void CheckDmarc(byte[] octets)
    {
        var zone = new OctetZone(octets);
        var (mailFrom, domain) = Sender(zone);
        var author = AuthorField.ReadValue(Encoding.Latin1.GetBytes(mailFrom));
        var spf = new SpfResult(SpfVerdict.Pass, domain, "");
        var result = Now(new DmarcEvaluator(zone).EvaluateAsync(author, spf, Signers));

        // A walk is at most eight questions (AUTH-1): the author's, SPF's and one for each signer, and one for the name itself.
        Hold(zone.Questions <= 8 * (Signers.Length + 2) + 1, $"{zone.Questions} questions");
        Hold(result.Reason.Length <= MaxText, "the reason is too long");
    }

    private static void Verify(byte[] octets)
    {
        var zone = new OctetZone(octets);
        var (mailFrom, helo) = Sender(zone);
        var options = new AuthenticationOptions();
        var verification = new MessageAuthenticator(zone, TimeProvider.System, options).VerifyAsync(Signed, V4, helo, mailFrom);
        var report = Now(new ValueTask<AuthenticationReport>(verification));
        Hold(zone.Questions <= options.MaximumDnsQueries, $"{zone.Questions} questions");
        Hold(report.Lookups.All(l => l.ToString().Length < 2 * MaxText), "a look-up is told at length");
    }

    private static (string MailFrom, string Helo) Sender(OctetZone zone)
    {
        var space = zone.Sender.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? (zone.Sender, "mx.example") : (zone.Sender[..space], zone.Sender[(space + 1)..]);
    }

    /// <summary>The zone answers at once, so all is done by the time the call returns; what a case costs is then this thread's time.</summary>
    private static T Now<T>(ValueTask<T> work)
    {
        Hold(work.IsCompleted, "something waits");
        return work.GetAwaiter().GetResult();
    }

    private static void Hold(bool isSo, string fault)
    {
        if (!isSo)
        {
            throw new InvalidOperationException(fault);
        }
    }
}
