using System.CommandLine;
using System.Globalization;
using ListServer.Admin;
using ListServer.Admin.Announcements;
using ListServer.Lists.Announcements;

namespace ListServer.Commands;

/// <summary>listserver announce …</summary>
internal static class AnnounceCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "The announcement's ID, as 'announce list' shows it." };

    public static Command Build() => new("announce", Shared.WithExamples(
        "Sends a message to a list by a plan: later, slowly, to some first; and shows how far it got.",
        "announce send news@lists.example.org october.eml --at 2027-10-01T09:00 --zone Asia/Tokyo",
        "announce send news@lists.example.org october.eml --rate 600/min --first 50 --then-after 30m",
        "announce show 01JDF3W0Q7T3M3X9V4Y8Z6K2B1",
        "announce pause 01JDF3W0Q7T3M3X9V4Y8Z6K2B1"))
    {
        Send(),
        Browse(),
        Move("show", "Shows how far an announcement got.", id => new ShowAnnouncement(id)),
        Move("pause", "Holds an announcement back at once; what is on its way still arrives.", id => new PauseAnnouncement(id)),
        Move("resume", "Lets an announcement go on, or lets all others follow those who got it first.", id => new ResumeAnnouncement(id)),
        Stop(),
        Reschedule(),
        AnnounceDraftCommand.Build(),
    };

    private static Command Send()
    {
        var list = new Argument<string>("LIST") { Description = "The posting address." };
        var file = new Argument<string>("FILE") { Description = "The whole message, From and Subject included; - for standard input." };
        var options = new PlanOptions();
        var send = new Command("send", "Sends a message. You stand for it, as if you had accepted a held post.") { list, file };
        options.AddTo(send);
        send.SetAction(async (parse, cancellationToken) =>
        {
            var error = parse.InvocationConfiguration.Error;
            if (options.Read(parse, out var problem) is not { } plan)
            {
                await error.WriteLineAsync(problem);
                return ExitCode.Usage;
            }

            return await MessageFile.ReadAsync(parse.GetValue(file)!, error, cancellationToken) is { } message
                ? await Shared.RunAsync(
                    parse, new SendAnnouncement(parse.GetValue(list)!, message.Octets.ToArray(), plan, parse.GetValue(options.Undo) ?? TimeSpan.Zero), Print, cancellationToken)
                : ExitCode.NotFound;
        });
        return send;
    }

    private static Command Browse()
    {
        var list = new Argument<string?>("LIST") { Description = "One list; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var browse = new Command("list", "Names the latest announcements.") { list };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseAnnouncements(parse.GetValue(list)),
            (announcements, output) =>
            {
                foreach (var a in announcements)
                {
                    output.WriteLine(Shown.Line($"{a.Id}\t{a.List}\t{ListCommand.Words(a.State)}\t{a.Delivered} of {a.Recipients} delivered\t{a.Subject}"));
                }
            },
            cancellationToken));
        return browse;
    }

    private static Command Move(string verb, string description, Func<string, UseCase<AnnouncementProgress>> useCase)
    {
        var command = new Command(verb, description) { Id };
        command.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, useCase(parse.GetValue(Id)!), Print, cancellationToken));
        return command;
    }

    private static Command Stop()
    {
        var yes = new Option<bool>("--yes") { Description = "Needed: who waits does not get the announcement, and it can't be resumed." };
        var stop = new Command("stop", "Gives an announcement up; who waits for it gets no copy.") { Id, yes };
        stop.SetAction(async (parse, cancellationToken) =>
        {
            if (parse.GetValue(yes))
            {
                return await Shared.RunAsync(parse, new StopAnnouncement(parse.GetValue(Id)!), Print, cancellationToken);
            }

            await parse.InvocationConfiguration.Error.WriteLineAsync("Who waits does not get the announcement, and it can't be resumed. Say --yes to do it.");
            return ExitCode.NeedsConfirmation;
        });
        return stop;
    }

    private static Command Reschedule()
    {
        var time = new TimeOptions(isRequired: true);
        var reschedule = new Command("reschedule", "Lets an announcement begin at another time; only before it has begun.") { Id };
        time.AddTo(reschedule);
        reschedule.SetAction(async (parse, cancellationToken) =>
        {
            if (time.TryRead(parse, out var at, out var problem))
            {
                return await Shared.RunAsync(parse, new RescheduleAnnouncement(parse.GetValue(Id)!, at!.Value), Print, cancellationToken);
            }

            await parse.InvocationConfiguration.Error.WriteLineAsync(problem);
            return ExitCode.Usage;
        });
        return reschedule;
    }

    public static void Print(AnnouncementProgress a, TextWriter output)
    {
        output.WriteLine(Shown.Line($"{a.Id}  {a.List}  {ListCommand.Words(a.State)}{(a.Reason.Length > 0 ? ": " + a.Reason : "")}"));
        output.WriteLine(Shown.Line($"subject    {a.Subject}"));
        if (a is { StartedAt: null, State: AnnouncementState.Scheduled or AnnouncementState.Paused })
        {
            output.WriteLine(Shown.Line($"begins     {(a.Plan.NotBefore is { } at ? Text(at) : "at once")}"));
        }
        else
        {
            output.WriteLine(Shown.Line($"recipients {a.Recipients}: {a.Delivered} delivered, {a.Waiting} waiting, {a.Refused} refused, {a.Expired} expired, {a.Withdrawn} withdrawn, {a.Stopped} stopped"));
        }

        if (a.RestWaits)
        {
            output.WriteLine(Shown.Line($"first      {a.Plan.First} get it first; 'listserver announce resume {a.Id}' lets all others follow"));
        }

        if (a.PerMinute is { } rate)
        {
            var left = a.TimeLeft is { } time ? $", {Shown.Span(time)} left" : "";
            output.WriteLine(Shown.Line($"rate       {rate:0.#} a minute{left}"));
        }
    }

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
