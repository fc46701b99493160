using System.Collections.Immutable;
using ListServer.Lists;
using ListServer.Lists.Bounces;
using ListServer.Store.Tables;

namespace ListServer.Store;

/// <summary>Domains, lists and accounts in memory: RCPT asks for them thousands of times a second.</summary>
/// <remarks>The commit thread changes it; any thread reads. Names are the same whatever their case.</remarks>
internal sealed class Catalog
{
    public ImmutableSortedDictionary<string, MailDomain> Domains { get; private set; } = Empty<MailDomain>();

    public ImmutableSortedDictionary<string, MailingList> Lists { get; private set; } = Empty<MailingList>();

    /// <summary>Posting addresses of lists with long names, by their short ones.</summary>
    public ImmutableSortedDictionary<string, string> ShortNames { get; private set; } = Empty<string>();

    public ImmutableSortedDictionary<string, Account> Accounts { get; private set; } = Empty<Account>();

    /// <summary>Takes in an entry of one of the three kinds.</summary>
    public void Take(Entry entry)
    {
        switch (entry.Key[0])
        {
            case TableKey.DomainKind:
                Domains = Put(Domains, entry);
                break;
            case TableKey.ListKind:
                Lists = Put(Lists, entry);
                TakeShortName(entry.Key[1..], isGone: entry.Value is null);
                break;
            case TableKey.AccountKind:
                Accounts = Put(Accounts, entry);
                break;
        }
    }

    private void TakeShortName(string list, bool isGone)
    {
        if (VerpToken.NeedsShortName(list))
        {
            var name = ListAddress.ShortNameOf(list);
            ShortNames = isGone ? ShortNames.Remove(name) : ShortNames.SetItem(name, list);
        }
    }

    private static ImmutableSortedDictionary<string, T> Empty<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.OrdinalIgnoreCase);

    private static ImmutableSortedDictionary<string, T> Put<T>(ImmutableSortedDictionary<string, T> items, Entry entry) =>
        entry.IsGone ? items.Remove(entry.Key[1..]) : items.SetItem(entry.Key[1..], entry.Read<T>());
}
