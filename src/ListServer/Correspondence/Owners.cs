using ListServer.Lists;
using ListServer.Store;

namespace ListServer.Correspondence;

/// <summary>Who runs a list, and who is told what happens to it.</summary>
/// <param name="store">Knows the members.</param>
/// <param name="postmaster">Reads what is for a list that nobody runs; empty for nobody.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class Owners(ListStore store, string postmaster)
{
    /// <summary>The addresses of its owners and moderators; empty when it has none.</summary>
    public IReadOnlyList<string> Of(MailingList list) => store.Receivers(list.Address).Runners;

    /// <summary>Who is told what happens to the list; empty when there is nobody.</summary>
    public IReadOnlyList<string> ReadersOf(MailingList list)
    {
        // A list among the owners is no reader: what it was told would come back to it as a post.
        var people = Of(list).Where(address => !IsOurs(address)).ToList();
        return people.Count > 0 || postmaster.Length == 0 ? people : [postmaster];
    }

    private bool IsOurs(string address) =>
        ListAddress.TryParse(address, name => store.FindList(name), domain => store.FindDomain(domain) is not null, out _);
}
