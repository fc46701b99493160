using System.Text;
using ListServer.MailAuth;
using ListServer.MailAuth.Arc;
using ListServer.MailAuth.AuthenticationResults;
using ListServer.MailAuth.Author;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;
using ListServer.MailAuth.Spf;

namespace ListServer.Fuzz;

/// <summary>A parser under attack: what it reads, and valid input to begin from.</summary>
internal sealed record FuzzTarget(string Name, Action<byte[]> Read, params string[] Seeds)
{
    private const string Seal = "ARC-Seal: i=1; a=rsa-sha256; t=1700000000; cv=none; d=a.example; s=s; b=AAAA\r\n";
    private const string Ams = "ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example; s=s; h=from:to; bh=AAAA; b=AAAA\r\n";
    private const string Aar = "ARC-Authentication-Results: i=1; a.example; spf=pass smtp.mailfrom=x.example; dkim=pass (good) header.d=x.example\r\n";
    private const string Signature = "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d=a.example; s=s; i=u=40@a.example;\r\n h=from : to:subject; l=12; t=1; x=1800000000; q=dns/txt; bh=AAAA; b=AA\r\n AA\r\n";
    private static readonly string Pem = ReadableKey();

    /// <summary>How large a case is grown: what comes from DNS fits into one answer, and "sign" reads each case four times.</summary>
    public int MaximumOctets => Name switch
    {
        "key" or "spf" or "dmarc" => 65_535,
        _ when Name.Contains("zone", StringComparison.Ordinal) => 65_535,
        "sign" => 1 << 18,
        _ => 1 << 20,
    };

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("message", o => _ = RawMessage.Parse(o).Fields.Count(f => f.IsWellFormed), "A: b\r\n c\r\nB:\td\n\r\nbody\r\n", "\r\n", "no colon\r\n x: y\r\n"),
        new("tags", o => _ = TagList.Parse(o).Defect, "v=1; a=b ; c=\r\n d", "k=rsa;p=AAAA;"),
        new("signature", o => _ = DkimSignature.ReadDkim(Field(o)).Defect, Signature),
        new("body", o => _ = BodyHash.Compute(o), "a b  c \r\n\r\n\t d\r\n\r\n", " \r\n\r"),
        new("relaxed-field", o => Relax(RawMessage.Parse(o)), Signature, "A : b\t\r\n  c \r\n"),
        new("key", o => _ = KeyRecord.Parse(Text(o)).Defect, "v=DKIM1; k=ed25519; h=sha256; s=email:*; t=y:s; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"),
        new("spf", ReadSpf, "v=spf1 a:%{d1r-}.example/24//64 mx ptr include:b.example ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{ir}.x.example exp=e.%{d} ~all", "v=spf1 redirect=_spf.%{o2}.example"),
        new("dmarc", o => _ = DmarcRecord.TryParse(Text(o), out _), "v=DMARC1; p=reject; sp=none; np=quarantine; adkim=s; aspf=r; psd=n; t=y; fo=1:d; rua=mailto:a@b.example!10m,mailto:c@d.example"),
        new("results", o => _ = ResultsField.TryParse(o, out _, out _), "a.example 1; dkim=pass reason=\"ok\" (c (n)) header.d=x.example header.b=AbCd;\r\n spf=fail smtp.mailfrom=\"a b\"@x.example", "a.example; none"),
        new("claims", Claims, "A: b\r\nAuthentication-Results: \u00e9.example; none\r\nAuthentication-Results: b.example; spf=pass\r\n\r\n", "Authentication-Results:\u00e9\n"),
        new("from", o => _ = AuthorField.ReadValue(o), " \"A \\\" B\" <a@b.example>\r\n", " =?utf-8?b?w6TDtg==?= =?utf-8?q?x=20y?= (c (d)) <a.b@[192.0.2.1]>", " G: a@b.example, <c@d.example>;"),
        new("author", o => _ = AuthorField.Read(RawMessage.Parse(o)), "From: A <a@b.example>\r\nFrom : c@d.example\r\n\r\n"),
        new("arc", o => _ = ArcSets.Find(RawMessage.Parse(o).Fields).Defect, Seal + Ams + Aar, Seal.Replace("i=1", "i=2", StringComparison.Ordinal) + Seal + Ams + Aar),
        new("verify", Verification.Run, Verification.Seed),
        new("sign", Verification.Sign, "From: A <a@b.example>\r\nTo: c@d.example\r\nlist-x: y\r\nContent-Type: text/plain\r\n x\r\nDKIM-Signature: a\r\n\r\na  b \r\n\r\n", "A:\r\n\tb", Verification.Seed),
        new("merge", o => _ = ResultsFields.Merge(RawMessage.Parse(o), "a.example"), "Authentication-Results: a.example; spf=pass\r\nAuthentication-Results: a.example;\r\n dkim=pass header.d=b.example\r\n\r\n"),
        new("pem", o => _ = SigningKey.TryLoad(Text(o), "password", out _, out _), Pem, "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"),
    ];

    private static HeaderField Field(byte[] octets) => new(octets);

    private static string Text(byte[] octets) => Encoding.Latin1.GetString(octets);

    /// <summary>As a signature over all of them does it: into one hash.</summary>
    private static void Relax(RawMessage message)
    {
        using var hash = OctetHash.Rent();
        foreach (var field in message.Fields)
        {
            HeaderCanonicalizer.Write(field.Octets.Span, Canonicalization.Relaxed, hash);
        }
    }

    private static void ReadSpf(byte[] octets)
    {
        var text = Text(octets);
        _ = SpfRecord.IsSpf(text) ? SpfRecord.Parse(text, out _) : null;
    }

    private static void Claims(byte[] octets)
    {
        var message = RawMessage.Parse(octets);
        _ = ResultsFields.Claiming(message, "mx.\u00e9.example").Length;
        _ = ResultsFields.Merge(message, "b.example");
    }

    private static string ReadableKey()
    {
        using var key = SigningKey.GenerateEd25519();
        return key.ToPem();
    }
}
