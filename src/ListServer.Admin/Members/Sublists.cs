using ListServer.Lists;

namespace ListServer.Admin.Members;

/// <summary>Lists that are members of lists: their members get the copies, each once.</summary>
internal static class Sublists
{
    /// <summary>Says why a list may not be a part of another, in words; null when it may, and for what is no list.</summary>
    public static string? Problem(AdminContext context, MailingList list, string address)
    {
        // One of another domain is a member like any: its copies would lack this domain's signature, so it gets its post by mail.
        if (context.Store.FindList(address) is not { } sublist || sublist.Domain != list.Domain)
        {
            return null;
        }

        return Reaches(context, sublist, list) ? $"{list.Address} is {sublist.Address} or a part of it: posts would go around in circles." : null;
    }

    private static bool Reaches(AdminContext context, MailingList from, MailingList wanted)
    {
        var (known, waiting) = (new HashSet<string>(StringComparer.OrdinalIgnoreCase), new Stack<MailingList>([from]));
        while (waiting.TryPop(out var next))
        {
            if (next.Address == wanted.Address)
            {
                return true;
            }

            if (known.Add(next.Address))
            {
                context.Store.Lists.Where(list => list.Domain == wanted.Domain && context.Store.FindMember(next.Address, list.Address) is not null).ToList().ForEach(waiting.Push);
            }
        }

        return false;
    }
}
