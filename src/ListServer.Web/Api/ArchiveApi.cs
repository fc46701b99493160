using System.Globalization;
using ListServer.Admin.Archiving;
using ListServer.Admin.People;
using ListServer.Admin.Tokens;
using ListServer.Lists.Archiving;
using ListServer.Web.Archive;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web.Api;

/// <summary>A message of an archive.</summary>
/// <param name="Hash">Its name in addresses.</param>
/// <param name="Id">The post's identifier, or one given at import.</param>
/// <param name="AnswersHash">The message of the same thread that it answers; null where that is not known.</param>
/// <param name="Date">When it was written.</param>
/// <param name="AuthorName">May be empty.</param>
/// <param name="AuthorAddress">May be empty.</param>
/// <param name="Subject">May be empty.</param>
/// <param name="Beginning">Of the text, one line.</param>
/// <param name="Attachments">How many.</param>
public sealed record ApiMessage(
    string Hash, string Id, string? AnswersHash, DateTimeOffset Date, string AuthorName, string AuthorAddress, string Subject, string Beginning, int Attachments)
{
    internal static ApiMessage Of(ArchiveEntry entry) =>
        new(entry.Hash, entry.Id, entry.AnswersHash, entry.Date, entry.AuthorName, entry.AuthorAddress, entry.Subject, entry.Beginning, entry.Attachments);
}

/// <summary>A message with what it says.</summary>
/// <param name="Message">What it is.</param>
/// <param name="Text">The plain text; may be empty.</param>
/// <param name="Html">The HTML as it came, which is hostile: clean it before anybody sees it. May be empty.</param>
/// <param name="Attachments">All that is not shown.</param>
/// <param name="Problem">Why nothing is shown; null when something is.</param>
public sealed record ApiMessageDetail(ApiMessage Message, string Text, string Html, IReadOnlyList<AttachmentInfo> Attachments, string? Problem)
{
    internal static ApiMessageDetail Of(ReadMessage read) => new(ApiMessage.Of(read.Entry), read.View.Text, read.View.Html, read.View.Attachments, read.View.Problem);
}

/// <summary>A thread.</summary>
/// <param name="First">Its first message.</param>
/// <param name="Last">Its latest message.</param>
/// <param name="Messages">How many there are.</param>
public sealed record ApiThread(ApiMessage First, ApiMessage Last, int Messages);

/// <summary>A thread with what its messages say.</summary>
/// <param name="Messages">Oldest first.</param>
/// <param name="IsCut">True when it is longer than what is shown.</param>
public sealed record ApiThreadDetail(IReadOnlyList<ApiMessageDetail> Messages, bool IsCut);

/// <summary>/lists/{list}/archive: what a list keeps.</summary>
internal static class ArchiveApi
{
    public static void MapArchiveApi(this IEndpointRouteBuilder routes)
    {
        var api = new ApiRoutes(routes, "Archive");
        api.Get<ItemPage<ApiThread>>("/lists/{list}/archive/threads", Right.Moderate, Scope.ArchiveRead, "Threads, those with the latest messages first", call => call.RunAsync(
            new BrowseArchive(call.List.Address, Reader(call), Position(call), call.Limit),
            page => Answer.Json(new ItemPage<ApiThread>([.. page.Threads.Select(thread => new ApiThread(ApiMessage.Of(thread.First), ApiMessage.Of(thread.Last), thread.Messages))], Next(page.Next)))), QueryParameter.Page);
        api.Get<ApiThreadDetail>("/lists/{list}/archive/threads/{hash}", Right.Moderate, Scope.ArchiveRead, "A thread, by any of its messages", call => call.RunAsync(
            new ShowThread(call.List.Address, call.Route("hash"), Reader(call)), thread => Answer.Json(new ApiThreadDetail([.. thread.Messages.Select(ApiMessageDetail.Of)], thread.IsCut))));
        api.Get<ItemPage<ApiMessage>>("/lists/{list}/archive/messages", Right.Moderate, Scope.ArchiveRead, "Messages that hold what is looked for, or all, the newest first", call => call.RunAsync(
            new SearchArchive(call.List.Address, call.Query("search") ?? "", Reader(call), Position(call), call.Limit),
            finds => Answer.Json(new ItemPage<ApiMessage>([.. finds.Found.Select(ApiMessage.Of)], Next(finds.Next)))),
            [QueryParameter.Text("search", "Words, and from: subject: has:attachment after: before:."), .. QueryParameter.Page]);
        api.Get<ApiMessageDetail>("/lists/{list}/archive/messages/{hash}", Right.Moderate, Scope.ArchiveRead, "A message", call => call.RunAsync(
            new ShowArchived(call.List.Address, call.Route("hash"), Reader(call)), detail => Answer.Json(ApiMessageDetail.Of(detail.Message))));
        api.Get<string>("/lists/{list}/archive/messages/{hash}/raw", Right.Moderate, Scope.ArchiveRead, "A message, octet by octet", call => call.RunAsync(
            new ShowOctets(call.List.Address, call.Route("hash"), null, Reader(call)), file => new Answer(200, "message/rfc822", file.Octets)));
        api.Delete("/lists/{list}/archive/messages/{hash}", Right.Own, Scope.ArchiveWrite, "Takes a message down for good", call => call.RunAsync(
            new TakeDown(call.List.Address, call.Route("hash"), null), _ => Answer.Nothing()));
    }

    private static ArchiveReader Reader(Call call) => ArchiveEndpoints.Reader(call.Visit);

    private static long? Position(Call call) => long.TryParse(call.After, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position : null;

    private static string? Next(long? position) => Cursor.Of(position?.ToString(CultureInfo.InvariantCulture));
}
