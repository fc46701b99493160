using System.CommandLine;
using ListServer.Admin.Posts;

namespace ListServer.Commands;

/// <summary>listserver trace [ID]</summary>
internal static class TraceCommand
{
    public static Command Build()
    {
        var id = new Argument<string?>("ID") { Description = "A post's ID or its Message-ID; the latest posts are named without one.", Arity = ArgumentArity.ZeroOrOne };
        var trace = new Command("trace", Shared.WithExamples("Tells what happened to a post and why, stage by stage.", "trace", "trace 01JDF3W0Q7T3M3X9V4Y8Z6K2B1")) { id };
        trace.SetAction((parse, cancellationToken) => parse.GetValue(id) is { } wanted
            ? Shared.RunAsync(parse, new ShowTrace(wanted), Print, cancellationToken)
            : Shared.RunAsync(
                parse,
                new BrowsePosts(null, null),
                (posts, output) =>
                {
                    foreach (var post in posts)
                    {
                        output.WriteLine(Shown.Line($"{post.Id}\t{post.ReceivedAt:yyyy-MM-dd HH:mm:ss}\t{post.List}\t{ListCommand.Words(post.State)}\t{post.Subject}"));
                    }
                },
                cancellationToken));
        return trace;
    }

    /// <summary>Writes a post's story, a line for each event.</summary>
    public static void Print(PostTrace trace, TextWriter output)
    {
        var post = trace.Post;
        output.WriteLine(Shown.Line($"{post.Id}  {post.List}  {ListCommand.Words(post.State)}"));
        output.WriteLine(Shown.Line($"from {post.Report.Author.Address ?? "(no author)"}, subject: {post.Subject}"));
        foreach (var line in trace.Events)
        {
            output.WriteLine(Shown.Line($"  {line.At:HH:mm:ss.fff}  {ListCommand.Words(line.Stage),-12}  {line.Outcome}{(line.Detail.Length > 0 ? ": " + line.Detail : "")}"));
        }

        if (trace.Deliveries is { } count)
        {
            output.WriteLine(Shown.Line($"  {count.Recipients} recipients: {count.Delivered} delivered, {count.Refused} refused, {count.Expired} expired, {count.Withdrawn} withdrawn, {count.Stopped} stopped, {count.Waiting} waiting"));
        }
    }
}
