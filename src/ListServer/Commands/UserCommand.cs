using System.CommandLine;
using System.Globalization;
using ListServer.Admin.Audit;
using ListServer.Admin.People;

namespace ListServer.Commands;

/// <summary>listserver user …</summary>
internal static class UserCommand
{
    private static readonly Argument<string> Address = new("ADDRESS") { Description = "The mail address that proves who it is." };

    public static Command Build() => new("user", "People who run the server or its domains, in the pages.") { Add(), Change(), Remove(), Show(), Link(), Passkeys(), RemovePasskey(), RemovePassword(), Audit() };

    private static Command Add() => Saving("add", "Makes a user, or adds what one may do.", "user add olive@example.org --admin", isDisabled: false);

    private static Command Change() => Saving("disable", "Shuts a user out: sessions end, and no link is sent.", "user disable olive@example.org", isDisabled: true);

    private static Command Saving(string verb, string words, string example, bool isDisabled)
    {
        var admin = new Option<bool>("--admin") { Description = "May do everything." };
        var domains = new Option<string[]>("--domain") { Description = "Has this domain and its lists in care; may be given more than once.", AllowMultipleArgumentsPerToken = true };
        var name = new Option<string?>("--name") { Description = "The name that people are shown." };
        var command = new Command(verb, Shared.WithExamples(words, example)) { Address };
        if (!isDisabled)
        {
            command.Add(admin);
            command.Add(domains);
            command.Add(name);
        }

        command.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            isDisabled
                ? new SaveUser(parse.GetValue(Address)!) { IsDisabled = true }
                : new SaveUser(parse.GetValue(Address)!)
                {
                    Name = parse.GetValue(name),
                    RunsServer = parse.GetValue(admin) ? true : null,
                    Domains = parse.GetValue(domains) is { Length: > 0 } some ? [.. some] : null,
                    IsDisabled = false,
                },
            (user, output) => output.WriteLine(Shown.Line($"{user.Address} {Words(user)}.")),
            cancellationToken));
        return command;
    }

    private static Command Remove()
    {
        var remove = new Command("remove", "Takes a user's rights away; what the person is on lists stays.") { Address };
        remove.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new RemoveUser(parse.GetValue(Address)!), (user, output) => output.WriteLine(Shown.Line($"{user.Address} is no user any more.")), cancellationToken));
        return remove;
    }

    private static Command Show()
    {
        var show = new Command("list", "Names the users.");
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseUsers(),
            (users, output) =>
            {
                foreach (var user in users)
                {
                    output.WriteLine(Shown.Line($"{user.Address}\t{Words(user)}\t{user.Name}"));
                }
            },
            cancellationToken));
        return show;
    }

    private static Command Link()
    {
        var link = new Command("link", Shared.WithExamples("Makes a link that signs somebody in once, within 15 minutes: a way in when no mail gets through.", "user link olive@example.org")) { Address };
        link.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new MakeLink(parse.GetValue(Address)!),
            (made, output) => output.WriteLine(Shown.Line($"{(made.Url is { } url ? url.ToString() : "/in/" + made.Token)}")),
            cancellationToken));
        return link;
    }

    private static Command Passkeys()
    {
        var passkeys = new Command("passkeys", Shared.WithExamples("Shows by which passkeys somebody signs in.", "user passkeys olive@example.org")) { Address };
        passkeys.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowsePasskeys(parse.GetValue(Address)!),
            (owner, output) =>
            {
                foreach (var passkey in owner.Passkeys)
                {
                    output.WriteLine(Shown.Line($"{passkey.Id}\t{Day(passkey.CreatedAt)}\t{(passkey.UsedAt is { } used ? Day(used) : "never used")}\t{passkey.Name}"));
                }
            },
            cancellationToken));
        return passkeys;

        static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static Command RemovePasskey()
    {
        var id = new Argument<string>("ID") { Description = "As 'user passkeys' shows it." };
        var remove = new Command("remove-passkey", "Takes a passkey away: it signs in nobody any more. Sessions that it opened go on.") { Address, id };
        remove.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new RemovePasskey(parse.GetValue(Address)!, parse.GetValue(id)!),
            (passkey, output) => output.WriteLine(Shown.Line($"{passkey.Name} signs in nobody any more.")),
            cancellationToken));
        return remove;
    }

    private static Command RemovePassword()
    {
        var remove = new Command("remove-password", "Takes somebody's password and its codes away, as when the phone with the app is gone: a link or a passkey signs them in.") { Address };
        remove.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new RemovePassword(parse.GetValue(Address)!), (answer, output) => output.WriteLine(Shown.Line($"{answer.Address} has no password any more.")), cancellationToken));
        return remove;
    }

    private static Command Audit()
    {
        var about = new Option<string?>("--about") { Description = "A list, a domain or a person; otherwise all." };
        var limit = new Option<int>("--limit") { Description = "How many.", DefaultValueFactory = _ => 50 };
        var audit = new Command("audit", Shared.WithExamples("Who changed what, the newest first.", "user audit --about talk@lists.example.org")) { about, limit };
        audit.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseAudit(parse.GetValue(about), Limit: parse.GetValue(limit)),
            (entries, output) =>
            {
                foreach (var entry in entries)
                {
                    var at = entry.At.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
                    output.WriteLine(Shown.Line($"{at}\t{entry.By}\t{entry.What}\t{entry.About}"));
                    foreach (var field in entry.Fields)
                    {
                        output.WriteLine(Shown.Line($"  {field.Name}: {field.Before} → {field.After}"));
                    }
                }
            },
            cancellationToken));
        return audit;
    }

    private static string Words(UserAnswer user) => user switch
    {
        { IsDisabled: true } => "is shut out",
        { RunsServer: true } => "runs the server",
        _ => "runs " + string.Join(", ", user.Domains),
    };
}
