using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Keys;

namespace ListServer.Admin.Publishing;

/// <summary>The keys of a domain whose records have to stand in DNS.</summary>
internal static class DomainKeys
{
    public static IEnumerable<StoredKey> Published(ListStore store, MailDomain domain) =>
        store.Keys.Selectors(domain.Name)
            .Where(selector => store.FindKey(domain.Name, selector)?.IsPublished ?? selector == domain.Selector)
            .Select(selector => store.Keys.Load(domain.Name, selector)).OfType<StoredKey>();

    /// <summary>The texts of their records.</summary>
    public static List<KeyText> Texts(ListStore store, MailDomain domain)
    {
        var texts = new List<KeyText>();
        foreach (var stored in Published(store, domain))
        {
            if (SigningKey.TryLoad(stored.Pem, null, out var key, out _))
            {
                using (key)
                {
                    texts.Add(new KeyText(stored.Selector, key.DnsRecord));
                }
            }
        }

        return texts;
    }
}
