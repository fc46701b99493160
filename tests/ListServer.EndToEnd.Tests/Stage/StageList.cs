namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>A list of the stage.</summary>
/// <param name="Name">Its local part.</param>
/// <param name="Domain">Its domain, which publishes p=reject and lets nobody pass by SPF: what passes, passes by our signature.</param>
/// <param name="Hop">How many lists of ours a post has gone through when this one's copy leaves.</param>
/// <param name="Prefix">Before the subject; empty for none.</param>
/// <param name="Footer">Behind the body; empty for none.</param>
internal sealed record StageList(string Name, string Domain, int Hop = 1, string Prefix = "", string Footer = "")
{
    /// <summary>The member of every list whose copy is judged.</summary>
    public const string Reader = "hana@members.example";

    /// <summary>What no charset but Unicode has altogether; the others fit into some charsets and not into others.</summary>
    private const string UnicodeFooter = "-- \nÀ bientôt, またね: ";

    public static readonly StageList Plain = new("plain", "lists.example");
    public static readonly StageList Talk = new("talk", "lists.example", Prefix: "[talk] ", Footer: "-- \nまた来週: talk@lists.example");
    public static readonly StageList Personal = new("personal", "lists.example", Footer: UnicodeFooter + "personal@lists.example");

    /// <summary>A post to the first goes on to those behind it, as the list before is a member's address of the next.</summary>
    public static readonly IReadOnlyList<StageList[]> Ways =
    [
        [Plain, new("plain", "hop2.example", 2), new("plain", "hop3.example", 3)],
        [Talk, new("talk", "hop2.example", 2, "[two] ", "-- \nSee you: talk@hop2.example"), new("talk", "hop3.example", 3, "[three] ", UnicodeFooter + "talk@hop3.example")],
        [new("prefix", "lists.example", Prefix: "[prefix] ")],
        [new("footer", "lists.example", Footer: UnicodeFooter + "footer@lists.example")],
        [Personal],
    ];

    public static readonly IReadOnlyList<string> Domains = ["lists.example", "hop2.example", "hop3.example"];

    public string Address => $"{Name}@{Domain}";

    public bool IsDecorated => Prefix.Length > 0 || Footer.Length > 0;

    /// <summary>The domain in From of this list's copy: the list's own where a strict author's signature can't survive.</summary>
    public string FromDomain(Post post) => post.Author == Post.Strict && IsDecorated ? Domain : post.Author;
}
