namespace ListServer.MailAuth.Dns;

/// <summary>One question that was asked for a message, and what came of it.</summary>
/// <param name="Name">The name asked for, as written.</param>
/// <param name="Type">The record type asked for.</param>
/// <param name="Answer">The whole answer.</param>
/// <param name="Elapsed">How long the message waited for it.</param>
public sealed record DnsLookup(string Name, DnsRecordType Type, DnsAnswer Answer, TimeSpan Elapsed)
{
    private const int MaxText = 200;

    /// <summary>Any more would be cut off again; a hostile answer has thousands.</summary>
    private const int MaxRecords = 100;

    /// <summary>The kind of answer.</summary>
    public DnsStatus Status => Answer.Status;

    /// <summary>The answer in short: the records, or what came instead of them. Long texts are cut, other than printable ASCII is replaced.</summary>
    public string Summary => ShownText.Of(Status == DnsStatus.Success
        ? string.Join(", ", Answer.Records.Take(MaxRecords).Select(Short))
        : Answer.Reason ?? Status switch { DnsStatus.NoData => "no such record", DnsStatus.NxDomain => "no such name", _ => "no answer" });

    /// <summary>Such as <c>TXT example.com: "v=spf1 -all" (3 ms)</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Type.ToString().ToUpperInvariant()} {ShownText.Of(Name)}: {Summary} ({Elapsed.TotalMilliseconds:0} ms)");

    private static string Short(DnsRecord record) => record switch
    {
        AddressRecord a => a.Address.ToString(),
        MXRecord mx => FormattableString.Invariant($"{mx.Preference} {(mx.Exchange.Length == 0 ? "." : mx.Exchange)}"),
        NameRecord name => name.Name,
        TxtRecord txt => txt.Text.Length <= MaxText ? $"\"{txt.Text}\"" : $"\"{txt.Text.AsSpan(0, MaxText)}...\"",
        TlsaRecord tlsa => FormattableString.Invariant($"{tlsa.Usage} {tlsa.Selector} {tlsa.MatchingType} ..."),
        _ => record.ToString(),
    };
}
