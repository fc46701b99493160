using System.Xml.Linq;

namespace ListServer.Tests.House;

/// <summary>Every arrow between rooms runs downward, and only where the house has one.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> MayCall = new()
    {
        ["ListServer.MailAuth"] = [],
        ["ListServer.Smtp"] = [],
        ["ListServer.Lists"] = ["ListServer.MailAuth"],
        ["ListServer.Store"] = ["ListServer.Lists", "ListServer.MailAuth"],
        ["ListServer.Admin"] = ["ListServer.Store", "ListServer.Lists", "ListServer.MailAuth"],
        ["ListServer.Web"] = ["ListServer.Admin", "ListServer.Lists", "ListServer.MailAuth"],
        ["ListServer"] = ["ListServer.Web", "ListServer.Admin", "ListServer.Store", "ListServer.Lists", "ListServer.Smtp", "ListServer.MailAuth"],
    };

    public static TheoryData<string> Rooms => [.. MayCall.Keys];

    [Fact]
    public void Every_room_is_known() =>
        Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName).Order()
            .ShouldBe(MayCall.Keys.Order());

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_calls_only_rooms_below_it(string room) =>
        References(room, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path))
            .ShouldBeSubsetOf(MayCall[room]);

    [Fact]
    public void Mail_authentication_knows_neither_MimeKit_nor_LiteDB_nor_the_host() =>
        References("ListServer.MailAuth", "PackageReference").ShouldBe(["BouncyCastle.Cryptography", "DnsClient"], ignoreOrder: true);

    [Fact]
    public void MimeKit_enters_the_house_through_Lists_only() =>
        MayCall.Keys.Where(room => References(room, "PackageReference").Contains("MimeKit")).ShouldBe(["ListServer.Lists"]);

    private static string[] References(string room, string kind) =>
        [.. XDocument.Load(Path.Combine(Repository.Root, "src", room, room + ".csproj")).Descendants(kind)
            .Where(element => (string?)element.Attribute("PrivateAssets") != "all") // an analyzer: nothing of it is in the room
            .Select(element => ((string?)element.Attribute("Include"))!.Replace('\\', '/'))];
}
