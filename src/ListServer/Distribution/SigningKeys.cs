using System.Collections.Concurrent;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.Store;

namespace ListServer.Distribution;

/// <summary>The keys of our domains, read once and kept.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SigningKeys(ListStore store) : IDisposable
{
    private readonly ConcurrentDictionary<(string Domain, string Selector), SigningIdentity> _identities = new();

    /// <summary>The identity that a domain signs with now; null, with the reason in words, when there is none.</summary>
    public SigningIdentity? Find(string domain, out string problem)
    {
        problem = "";
        if (store.FindDomain(domain) is not { Selector: { } selector })
        {
            problem = store.DomainKeys(domain).FirstOrDefault(key => key.Stage == KeyStage.Made) is { } made
                ? $"the key {made.Selector} of {domain} waits until DNS shows it: {(made.Problem.Length > 0 ? made.Problem : "it was not looked for yet")}. Publish it: listserver dns show {domain}"
                : $"{domain} has no key. Make one: listserver key generate {domain} --selector S";
            return null;
        }

        if (store.FindKey(domain, selector) is { IsLost: true } lost)
        {
            problem = $"DNS no longer shows the key {selector} of {domain}: {lost.Problem}. Publish it: listserver dns show {domain}";
            return null;
        }

        if (_identities.TryGetValue((domain, selector), out var known))
        {
            return known;
        }

        try
        {
            if (store.Keys.Load(domain, selector) is not { } stored)
            {
                problem = $"the key {selector} of {domain} is missing from the data folder";
            }
            else if (!SigningKey.TryLoad(stored.Pem, null, out var key, out var error))
            {
                problem = $"the key {selector} of {domain} can't be read: {error}";
            }
            else
            {
                var read = new SigningIdentity(domain, selector, key);
                var kept = _identities.GetOrAdd((domain, selector), read);
                if (kept != read)
                {
                    key.Dispose();
                }

                return kept;
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problem = $"the key {selector} of {domain} can't be read: {unreadable.Message}";
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var identity in _identities.Values)
        {
            identity.Key.Dispose();
        }
    }
}
