using ListServer.Admin.Lists;
using ListServer.Lists.Archiving;
using ListServer.Lists.Filtering;

namespace ListServer.Admin.Tests.Lists;

/// <summary>A content filter is checked when it is saved, and nothing is half-applied.</summary>
public sealed class FilterChangeTests : AdminStage
{
    private const string Talk = "talk@lists.example";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await DoneAsync(new CreateList(Talk));
    }

    [Fact]
    public async Task A_list_lets_everything_through_until_somebody_says_so_and_what_is_not_named_stays()
    {
        Store.FindList(Talk)!.Filter.ShouldSatisfyAllConditions(
            filter => (filter.Html, filter.Attachments).ShouldBe((HtmlAction.Keep, AttachmentAction.Keep)),
            filter => filter.FilterTypes.ShouldBeEmpty());
        await ChangeAsync(new FilterChange { FilterTypes = "Video/*, application/zip", FilterExtensions = ".EXE bat", Html = HtmlAction.Text });
        await ChangeAsync(new FilterChange { Attachments = AttachmentAction.Hold, MaxAttachmentOctets = 1_000 });
        Store.FindList(Talk)!.Filter.ShouldSatisfyAllConditions(
            filter => filter.FilterTypes.ShouldBe(["video", "application/zip"]),
            filter => filter.FilterExtensions.ShouldBe(["exe", "bat"]),
            filter => (filter.Html, filter.Attachments, filter.MaxAttachmentOctets).ShouldBe((HtmlAction.Text, AttachmentAction.Hold, 1_000L)));
    }

    [Theory]
    [InlineData("multipart/mixed", "", 0, "'multipart/mixed' holds parts and is none")]
    [InlineData("a/b/c", "", 0, "'a/b/c' is no type of a part. Write types like application/zip")]
    [InlineData("", "*.exe", 0, "'*.exe' is no ending of a file name. Write endings like exe")]
    [InlineData("", "", -1, "can't be less than 0 octets")]
    public async Task A_filter_that_can_t_be_used_changes_nothing(string types, string extensions, long octets, string words)
    {
        var change = new FilterChange { Html = HtmlAction.Text, FilterTypes = types, PassExtensions = extensions, MaxAttachmentOctets = octets };
        (await RefusedAsync(new ChangeList(Talk, new ListSettings { Filter = change }))).Message.ShouldContain(words);
        Store.FindList(Talk)!.Filter.Html.ShouldBe(HtmlAction.Keep);
    }

    [Fact]
    public async Task Attachments_are_links_only_where_members_can_open_the_archive()
    {
        var change = new FilterChange { Attachments = AttachmentAction.Link };
        (await RefusedAsync(new ChangeList(Talk, new ListSettings { Filter = change }))).Message.ShouldContain("set the archive to members or public");
        await DoneAsync(new ChangeList(Talk, new ListSettings { Filter = change, Archive = ArchiveAccess.Members }));
        (await RefusedAsync(new ChangeList(Talk, new ListSettings { Archive = ArchiveAccess.Off }))).Message.ShouldContain("set the archive to members or public");
    }

    private async Task ChangeAsync(FilterChange change) => await DoneAsync(new ChangeList(Talk, new ListSettings { Filter = change }));
}
