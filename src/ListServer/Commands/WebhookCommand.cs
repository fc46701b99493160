using System.CommandLine;
using System.Globalization;
using ListServer.Admin.Webhooks;
using ListServer.Lists.Webhooks;

namespace ListServer.Commands;

/// <summary>listserver webhook …</summary>
internal static class WebhookCommand
{
    private static readonly Argument<string> Id = new("ID") { Description = "As 'webhook list' tells it." };

    public static Command Build() => new("webhook", "Addresses that are told by HTTP of what happens.") { Add(), List(), Test(), Replay(), Log(), Renew(), Enable(), Remove() };

    private static Command Add()
    {
        var url = new Argument<string>("URL") { Description = "Where to: https." };
        var list = new Option<string?>("--list") { Description = "Of this list only; otherwise of all of the server." };
        var events = new Option<string[]>("--event") { Description = $"Only this, once or more: {string.Join(' ', WebhookKinds.OfServer)}.", AllowMultipleArgumentsPerToken = true };
        var add = new Command("add", Shared.WithExamples(
            "Adds a webhook and prints the secret that signs what it is told: it is shown now, and never again.",
            "webhook add https://hooks.example.org/talk --list talk@lists.example.org --event post.held member.joined"))
        {
            url, list, events,
        };
        add.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new AddWebhook(parse.GetValue(list), parse.GetValue(url)!, [.. parse.GetValue(events) ?? []]),
            (made, output) => output.WriteLine(Shown.Line($"{made.Webhook.Id}\t{made.Secret}")),
            cancellationToken));
        return add;
    }

    private static Command List()
    {
        var list = new Command("list", "Names the webhooks.");
        list.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseWebhooks(),
            (hooks, output) =>
            {
                foreach (var hook in hooks)
                {
                    var state = hook.DisabledAt is not null ? "given up" : hook.FailingSince is not null ? "takes nothing" : "told";
                    output.WriteLine(Shown.Line($"{hook.Id}\t{(hook.List.Length > 0 ? hook.List : "all lists")}\t{hook.Url}\t{(hook.Events.IsEmpty ? "everything" : string.Join(' ', hook.Events))}\t{state}"));
                }
            },
            cancellationToken));
        return list;
    }

    private static Command Test()
    {
        var test = new Command("test", "Tells a webhook that somebody tries it; 'webhook log' shows what it answered.") { Id };
        test.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new TestWebhook(parse.GetValue(Id)!), (hook, output) => output.WriteLine(Shown.Line($"{hook.Url} is told {WebhookKinds.Test}.")), cancellationToken));
        return test;
    }

    private static Command Replay()
    {
        var one = new Option<string?>("--event-id") { Description = "This event, though it was taken; otherwise all that were not." };
        var replay = new Command("replay", Shared.WithExamples("Tells a webhook again what it did not take.", "webhook replay 01jd3q2m8r0000000000000000")) { Id, one };
        replay.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new ReplayWebhook(parse.GetValue(Id)!, parse.GetValue(one)), (count, output) => output.WriteLine(Shown.Line($"{count} events are told again.")), cancellationToken));
        return replay;
    }

    private static Command Log()
    {
        var limit = new Option<int>("--limit") { Description = "How many.", DefaultValueFactory = _ => 50 };
        var log = new Command("log", "What a webhook was told, the newest first, and what it answered.") { Id, limit };
        log.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseDeliveries(parse.GetValue(Id)!, Limit: parse.GetValue(limit)),
            (events, output) =>
            {
                foreach (var told in events)
                {
                    var state = told.NextAttempt is not null ? "waits" : told.DeliveredAt is not null ? "taken" : "given up";
                    var at = told.LastAttempt?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
                    output.WriteLine(Shown.Line($"{told.Id}\t{told.Kind}\t{state}\t{told.Attempts}\t{at}\t{told.Answer}"));
                }
            },
            cancellationToken));
        return log;
    }

    private static Command Renew()
    {
        var renew = new Command("renew-secret", "Makes another secret and prints it; the one before signs beside it for a day.") { Id };
        renew.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new RenewWebhookSecret(parse.GetValue(Id)!), (made, output) => output.WriteLine(Shown.Line($"{made.Webhook.Id}\t{made.Secret}")), cancellationToken));
        return renew;
    }

    private static Command Enable()
    {
        var enable = new Command("enable", "Tells a webhook again that was given up; 'webhook replay' tells what it missed.") { Id };
        enable.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new EnableWebhook(parse.GetValue(Id)!), (hook, output) => output.WriteLine(Shown.Line($"{hook.Url} is told again what happens from now on.")), cancellationToken));
        return enable;
    }

    private static Command Remove()
    {
        var remove = new Command("remove", "Ends a webhook; what it was to be told is dropped.") { Id };
        remove.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new RemoveWebhook(parse.GetValue(Id)!), (hook, output) => output.WriteLine(Shown.Line($"{hook.Url} is told nothing any more.")), cancellationToken));
        return remove;
    }
}
