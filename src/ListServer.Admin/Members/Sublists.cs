using ListServer.Lists;

namespace ListServer.Admin.Members;

/// <summary>Lists that are members of lists: their members get the copies, each once.</summary>
internal static class Sublists
{
    /// <summary>Says why a list may not be a part of another, in words; null when it may, and for what is no list.</summary>
    public static string? Problem(AdminContext context, MailingList list, string address)
    {
        if (context.Store.FindList(address) is not { } sublist)
        {
            return null;
        }

        if (sublist.Domain != list.Domain)
        {
            return $"{sublist.Address} is a list of another domain than {list.Address}, whose signature its copies would lack.";
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
