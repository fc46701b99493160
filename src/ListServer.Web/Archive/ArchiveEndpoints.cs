using System.Globalization;
using System.IO.Compression;
using ListServer.Admin;
using ListServer.Admin.Archiving;
using ListServer.Admin.People;
using ListServer.Lists.Archiving;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Archive;

/// <summary>/l/{list}: a list's own page and its archive. Who may read is asked of the use cases, which answer for a list without archive as for none.</summary>
internal static class ArchiveEndpoints
{
    private const int Latest = 10;

    public static void MapArchive(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/l/{list}", (string list, Visit visit) => visit.ShowAsync(
            new BrowseArchive(list, Reader(visit), Limit: Latest), page => Answers.Page<ListHomePage>(new { Archive = page }))).Needs(Right.Public);
        routes.MapGet("/l/{list}/archive", (string list, long? before, Visit visit) => visit.ShowAsync(
            new BrowseArchive(list, Reader(visit), before), page => Answers.Page<ThreadsPage>(new { Archive = page }))).Needs(Right.Public);
        routes.MapGet("/l/{list}/t/{hash}", (string list, string hash, Visit visit) => visit.ShowAsync(
            new ShowThread(list, hash, Reader(visit)), thread => Answers.Page<ThreadPage>(new { Thread = thread }))).Needs(Right.Public);
        routes.MapGet("/l/{list}/m/{hash}", (string list, string hash, Visit visit) => visit.ShowAsync(
            new ShowArchived(list, hash, Reader(visit)), detail => Answers.Page<MessagePage>(new { Detail = detail }))).Needs(Right.Public);
        routes.MapGet("/l/{list}/search", (string list, string? q, long? before, Visit visit) => SearchAsync(list, (q ?? "").Trim(), before, visit)).Needs(Right.Public);
        routes.MapGet("/l/{list}/feed.atom", (string list, Visit visit) => visit.ShowAsync(
            new SearchArchive(list, "", Reader(visit)), finds => Results.Text(ArchiveFeed.Write(finds, Base(visit)), "application/atom+xml; charset=utf-8"))).Needs(Right.Public);
        MapFiles(routes);
    }

    private static void MapFiles(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/l/{list}/m/{hash}/html", (string list, string hash, Visit visit) => visit.ShowAsync(
            new ShowArchived(list, hash, Reader(visit)), detail => HtmlPart.Answer(visit.Http, detail.Message.View.Html))).Needs(Right.Public);
        routes.MapGet("/l/{list}/m/{hash}/raw", (string list, string hash, Visit visit) => visit.ShowAsync(
            new ShowOctets(list, hash, null, Reader(visit)),
            file => Download.Answer(visit.Http, file with { Octets = Reader(visit) is ArchiveReader.Public ? AddressMask.Message(file.Octets) : file.Octets }))).Needs(Right.Public);
        routes.MapGet("/l/{list}/m/{hash}/a/{index:int}", (string list, string hash, int index, Visit visit) => visit.ShowAsync(
            new ShowOctets(list, hash, index, Reader(visit)), file => Download.Answer(visit.Http, file))).Needs(Right.Public);
        routes.MapGet("/l/{list}/mbox/{month}.mbox.gz", (string list, string month, Visit visit) =>
            DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
                ? visit.ShowAsync(new ExportArchive(list, first, Reader(visit)), part => Mbox(visit, list, first, part))
                : Task.FromResult(visit.Refuse(Refusal.NotFound, visit.Words.Say("The address names no month.")))).Needs(Right.Public);
    }

    /// <summary>As whom somebody reads the list that the address names.</summary>
    internal static ArchiveReader Reader(Visit visit) => visit.Visitor switch
    {
        null => ArchiveReader.Public,
        var person when person.May(Right.Own) => ArchiveReader.Operator,
        { OnList: not null } => ArchiveReader.Member,
        _ => ArchiveReader.Public,
    };

    private static async Task<IResult> SearchAsync(string list, string words, long? before, Visit visit)
    {
        var asked = await visit.Desk.RunAsync(new SearchArchive(list, words, Reader(visit), before), visit.Http.RequestAborted);
        if (asked is not Outcome<ArchiveFinds>.Refused { Kind: Refusal.Invalid, Message: var problem })
        {
            return asked is Outcome<ArchiveFinds>.Done(var finds)
                ? Answers.Page<SearchPage>(new { Finds = finds, Query = words })
                : visit.Refuse(((Outcome<ArchiveFinds>.Refused)asked).Kind, ((Outcome<ArchiveFinds>.Refused)asked).Message);
        }

        // What was typed stands there still, with what is wrong.
        return await visit.ShowAsync(
            new SearchArchive(list, "", Reader(visit), Limit: 1),
            all => Answers.Page<SearchPage>(new { Finds = all with { Found = [], Next = null }, Query = words, Problem = problem }, StatusCodes.Status400BadRequest));
    }

    private static IResult Mbox(Visit visit, string list, DateOnly month, ExportPart first)
    {
        var reader = Reader(visit);
        return Results.Stream(
            async output =>
            {
                await using var zipped = new GZipStream(output, CompressionLevel.Fastest);
                for (var part = first; ;)
                {
                    foreach (var message in part.Messages)
                    {
                        using var text = new MemoryStream();
                        var isMasked = reader is ArchiveReader.Public;
                        MboxWriter.Write(text, isMasked ? message.Entry with { AuthorAddress = "" } : message.Entry, isMasked ? AddressMask.Message(message.Octets) : message.Octets);
                        text.Position = 0;
                        await text.CopyToAsync(zipped, visit.Http.RequestAborted);
                    }

                    if (part.Next is not { } after
                        || await visit.Desk.RunAsync(new ExportArchive(list, month, reader, after), visit.Http.RequestAborted) is not Outcome<ExportPart>.Done(var next))
                    {
                        break;
                    }

                    part = next;
                }
            },
            "application/gzip",
            string.Create(CultureInfo.InvariantCulture, $"{month:yyyy-MM}.mbox.gz"));
    }

    private static Uri Base(Visit visit) => new($"{visit.Http.Request.Scheme}://{visit.Http.Request.Host}");
}
