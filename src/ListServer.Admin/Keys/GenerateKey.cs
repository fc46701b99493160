using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.Store.Changes;
using ListServer.Store.Keys;

namespace ListServer.Admin.Keys;

/// <summary>A key as its owner sees it.</summary>
/// <param name="Domain">The domain it signs for.</param>
/// <param name="Selector">Its selector.</param>
/// <param name="Name">The name of its DNS record.</param>
/// <param name="Record">The record's text.</param>
/// <param name="PrivateKey">PEM, only when it was asked for.</param>
public sealed record KeyAnswer(string Domain, string Selector, string Name, string Record, string? PrivateKey = null)
{
    /// <summary>The record as a line of a zone file.</summary>
    public string ZoneLine => new PublishedRecord("DKIM", Name, "TXT", Record).ZoneLine;

    internal static KeyAnswer Of(MailDomain domain, string selector, SigningKey key, string? privateKey = null) =>
        new(domain.Name, selector, $"{selector}._domainkey.{domain.Name}", key.DnsRecord, privateKey);
}

/// <summary>Makes a key for a domain. It signs as soon as all name servers of the zone show its record (AUTH-35); until then the present one does, or mail waits.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Selector">Letters, digits, hyphens and dots (RFC 6376 §3.1).</param>
/// <param name="IsEd25519">Ed25519 instead of RSA-2048.</param>
/// <param name="WithPrivateKey">Brings the private key back too.</param>
public sealed record GenerateKey(string Domain, string Selector, bool IsEd25519 = false, bool WithPrivateKey = false) : UseCase<KeyAnswer>
{
    /// <summary>Signs with it at once, whatever DNS shows.</summary>
    public bool UseNow { get; init; }

    /// <inheritdoc/>
    public override async Task<Outcome<KeyAnswer>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (MissingDomain.Find(context.Store, Domain) is not { } domain)
        {
            return MissingDomain.Refuse(Domain);
        }

        if (domain.SendsNothing)
        {
            return RefusedUseCase.Conflict($"{domain.Name} sends nothing, so it has no keys. Let it send first: listserver domain set {domain.Name} --sends-nothing false");
        }

        var selector = Selector.ToLowerInvariant();
        if (DomainName.Normalize($"{selector}._domainkey.{domain.Name}".Replace("_", "", StringComparison.Ordinal)) is null
            || selector.Contains('_', StringComparison.Ordinal))
        {
            return RefusedUseCase.Invalid(nameof(Selector), $"'{Selector}' is not a selector. Use letters, digits and hyphens, such as s202611.");
        }

        if (context.Store.Keys.Load(domain.Name, selector) is not null)
        {
            return RefusedUseCase.Conflict($"{domain.Name} has a key {selector} already; keys are never overwritten. Choose another selector.");
        }

        using var key = IsEd25519 ? SigningKey.GenerateEd25519() : SigningKey.GenerateRsa();
        var pem = key.ToPem();
        context.Store.Keys.TryAdd(new StoredKey(domain.Name, selector, pem));
        var made = new DomainKey(domain.Name, selector, UseNow ? KeyStage.Used : KeyStage.Made, context.Time.GetUtcNow());
        await context.CommitAsync(UseNow ? KeyTurn.To(context, domain, made) : [new KeySaved(made)], cancellationToken);
        return KeyAnswer.Of(domain, selector, key, WithPrivateKey ? pem : null);
    }
}
