using System.Collections.Concurrent;
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
            problem = $"{domain} has no key. Make one: listserver key generate {domain} --selector S";
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
                return _identities.GetOrAdd((domain, selector), new SigningIdentity(domain, selector, key));
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
