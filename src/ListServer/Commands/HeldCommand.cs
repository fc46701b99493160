using System.CommandLine;
using ListServer.Admin.Held;
using ListServer.Admin.Posts;
using ListServer.Lists;

namespace ListServer.Commands;

/// <summary>listserver held …</summary>
internal static class HeldCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The post's ID, as 'held list' shows it." };

    public static Command Build() => new("held", "Posts that wait for a moderator.")
    {
        Browse(),
        Show(),
        Decide("accept", "Lets a held post go to the list.", HeldDecision.Accept),
        Decide("reject", "Refuses a held post; an author who was authenticated is told.", HeldDecision.Reject),
        Decide("discard", "Drops a held post without a word.", HeldDecision.Discard),
    };

    private static Command Browse()
    {
        var list = new Argument<string?>("LIST") { Description = "One list; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var browse = new Command("list", "Names the posts that wait.") { list };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowsePosts(parse.GetValue(list), PostState.Held),
            (posts, output) =>
            {
                foreach (var post in posts)
                {
                    output.WriteLine(Shown.Line($"{post.Id}\t{post.ReceivedAt:yyyy-MM-dd HH:mm}\t{post.List}\t{post.Report.Author.Address ?? "(no author)"}\t{post.Subject}\t{post.Reason}"));
                }
            },
            cancellationToken));
        return browse;
    }

    private static Command Show()
    {
        var show = new Command("show", "Shows a held post: why it waits, and its first 64 KiB.") { Id };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ShowHeld(parse.GetValue(Id)!),
            (held, output) =>
            {
                output.WriteLine(Shown.Line($"list     {held.Post.List}"));
                output.WriteLine(Shown.Line($"author   {held.Post.Report.Author.Address ?? "(none)"}"));
                output.WriteLine(Shown.Line($"subject  {held.Post.Subject}"));
                output.WriteLine(Shown.Line($"held     {held.Post.Reason}"));
                output.WriteLine("results  " + Shown.Text(held.Post.AuthenticationResults.ReplaceLineEndings("\n")));
                output.WriteLine();
                output.WriteLine(Shown.Text(held.Text.ReplaceLineEndings("\n")));
            },
            cancellationToken));
        return show;
    }

    private static Command Decide(string verb, string description, HeldDecision decision)
    {
        var reason = new Option<string>("--reason") { Description = "Words for the author and the record.", DefaultValueFactory = _ => "" };
        var command = new Command(verb, description) { Id };
        var trust = new Option<bool>("--trust") { Description = "The author's next posts need no approval ('author set' takes it back)." };
        if (decision == HeldDecision.Reject)
        {
            command.Add(reason);
        }
        else if (decision == HeldDecision.Accept)
        {
            command.Add(trust);
        }

        command.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new DecideHeld(parse.GetValue(Id)!, decision, decision == HeldDecision.Reject ? parse.GetValue(reason)! : "", decision == HeldDecision.Accept && parse.GetValue(trust)),
            (post, output) => output.WriteLine(Shown.Line($"{post.Id}: {ListCommand.Words(post.State)}")),
            cancellationToken));
        return command;
    }
}
