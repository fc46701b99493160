namespace ListServer.MailAuth.Dkim;

/// <summary>Who signs: a domain, the selector of its key, and the key. Immutable and safe for concurrent use.</summary>
public sealed record SigningIdentity
{
    /// <summary>Makes an identity.</summary>
    /// <param name="domain">d=; U-labels are turned into A-labels.</param>
    /// <param name="selector">s=, one or more labels.</param>
    /// <param name="key">The private key whose public half is published at <see cref="DnsName"/>.</param>
    /// <exception cref="ArgumentException">The domain or selector is no name.</exception>
    public SigningIdentity(string domain, string selector, SigningKey key)
    {
        Domain = Name(domain, nameof(domain));
        Selector = Name(selector, nameof(selector));
        Key = key ?? throw new ArgumentNullException(nameof(key));
    }

    /// <summary>d= in lower-case A-labels.</summary>
    public string Domain { get; }

    /// <summary>s= in lower-case A-labels.</summary>
    public string Selector { get; }

    /// <summary>The private key.</summary>
    public SigningKey Key { get; }

    /// <summary>Where <see cref="SigningKey.DnsRecord"/> is to be published as TXT (RFC 6376 §3.6.2.1).</summary>
    public string DnsName => $"{Selector}._domainkey.{Domain}";

    private static string Name(string text, string parameter) =>
        DomainName.ToAscii(text) ?? throw new ArgumentException($"\"{text}\" is not a domain name", parameter);
}
