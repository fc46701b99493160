using System.Text;

namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>What an author writes.</summary>
/// <param name="Content">The file under Data/Posts.</param>
/// <param name="Author">friendly.example, which publishes p=none, or strict.example, which publishes p=reject.</param>
/// <param name="Sealers">The servers that seal it on its way to the list, in order, joined by "+".</param>
/// <param name="IsChainBroken">True when somebody changes the first set behind the last of them.</param>
internal sealed record Post(string Content, string Author, string Sealers = "", bool IsChainBroken = false)
{
    public const string Friendly = "friendly.example";
    public const string Strict = "strict.example";

    public static readonly IReadOnlyList<string> Contents =
        ["ascii", "utf-8", "quoted-printable", "iso-2022-jp", "8-bit", "8-bit-latin-1", "alternative", "html-only", "empty-body", "attachment"];

    /// <summary>Every content by both authors.</summary>
    public static readonly IReadOnlyList<Post> Straight = [.. Contents.SelectMany(content => new Post[] { new(content, Friendly), new(content, Strict) })];

    /// <summary>Posts that come with a chain, by one stranger or by both.</summary>
    public static readonly IReadOnlyList<Post> Sealed =
    [
        new("utf-8", Friendly, "dkimpy"),
        new("utf-8", Friendly, "mailauth"),
        new("8-bit", Friendly, "dkimpy+mailauth"),
        new("8-bit", Strict, "mailauth+dkimpy"),
    ];

    /// <summary>One whose chain is broken, and whose author's signature is not.</summary>
    public static readonly Post Broken = new("8-bit", Strict, "dkimpy", IsChainBroken: true);

    public static IEnumerable<Post> All => [.. Straight, .. Sealed, Broken];

    /// <summary>Its name in the tests, and the left side of its Message-ID.</summary>
    public string Name => string.Join('.', new[] { Content, Author, Sealers, IsChainBroken ? "broken" : "" }.Where(part => part.Length > 0));

    public string[] SealedBy => Sealers.Split('+', StringSplitOptions.RemoveEmptyEntries);

    public string Address => $"author@{Author}";

    /// <summary>The message before anybody signed it.</summary>
    public byte[] Octets() => Encoding.Latin1.GetBytes(
        Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "Posts", Content + ".eml")))
            .Replace("{author}", Author, StringComparison.Ordinal)
            .Replace("{id}", $"{Name}@author.example", StringComparison.Ordinal));
}
