using System.Collections.Concurrent;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Distribution;

/// <summary>The keys of our domains, read once and kept.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SigningKeys : IDisposable
{
    private readonly ListStore _store;
    private readonly ConcurrentDictionary<(string Domain, string Selector), SigningIdentity> _identities = new();
    private readonly ConcurrentDictionary<(string Domain, string Selector), string> _lost = new();

    public SigningKeys(ListStore store)
    {
        _store = store;
        store.Committed += Notice;
        foreach (var key in store.Domains.SelectMany(domain => store.DomainKeys(domain.Name)))
        {
            Notice(key);
        }
    }

    /// <summary>The identity that a domain signs with now; null, with the reason in words, when there is none.</summary>
    public SigningIdentity? Find(string domain, out string problem)
    {
        problem = "";
        if (_store.FindDomain(domain) is not { Selector: { } selector })
        {
            problem = _store.DomainKeys(domain).FirstOrDefault(key => key.Stage == KeyStage.Made) is { } made
                ? $"the key {made.Selector} of {domain} waits until DNS shows it: {(made.Problem.Length > 0 ? made.Problem : "it was not looked for yet")}. Publish it: listserver dns show {domain}"
                : $"{domain} has no key. Make one: listserver key generate {domain} --selector S";
            return null;
        }

        if (_lost.TryGetValue((domain, selector), out var where))
        {
            problem = $"DNS no longer shows the key {selector} of {domain}: {where}. Publish it: listserver dns show {domain}";
            return null;
        }

        if (_identities.TryGetValue((domain, selector), out var known))
        {
            return known;
        }

        try
        {
            if (_store.Keys.Load(domain, selector) is not { } stored)
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
        _store.Committed -= Notice;
        foreach (var identity in _identities.Values)
        {
            identity.Key.Dispose();
        }
    }

    private void Notice(IReadOnlyList<Change> changes)
    {
        foreach (var saved in changes.OfType<KeySaved>())
        {
            Notice(saved.Key);
        }
    }

    private void Notice(DomainKey key)
    {
        if (key.IsLost)
        {
            _lost[(key.Domain, key.Selector)] = key.Problem;
        }
        else
        {
            _lost.TryRemove((key.Domain, key.Selector), out _);
        }
    }
}
