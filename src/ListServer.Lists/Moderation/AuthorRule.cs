namespace ListServer.Lists.Moderation;

/// <summary>What becomes of the posts of one author, whatever the list does with others.</summary>
public enum AuthorAction
{
    /// <summary>They go out without a moderator, if the author is authenticated as the list demands.</summary>
    Accept,

    /// <summary>They wait for a moderator.</summary>
    Hold,

    /// <summary>They are refused in the session.</summary>
    Reject,

    /// <summary>They are taken and dropped.</summary>
    Discard,
}

/// <summary>What somebody decided about an author's posts to a list, for a member and for anybody else.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The author's address, the domain in lower-case A-labels; or *@DOMAIN for all of a domain for whom nothing else was decided.</param>
/// <param name="Action">What becomes of the posts.</param>
/// <param name="SetAt">When it was decided.</param>
/// <param name="SetBy">By whom, in words.</param>
public sealed record AuthorRule(string List, string Address, AuthorAction Action, DateTimeOffset SetAt, string SetBy)
{
    /// <summary>The address under which a rule for all of an address's domain stands.</summary>
    public static string DomainPattern(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return "*" + address[address.LastIndexOf('@')..];
    }
}
