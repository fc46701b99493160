using System.CommandLine;
using ListServer.Admin.Lists;
using ListServer.Lists;

namespace ListServer.Commands;

/// <summary>listserver list …</summary>
internal static class ListCommand
{
    private static readonly Argument<string> Address = new("LIST") { Description = "The posting address, such as news@lists.example.org." };

    public static Command Build() => new("list", "Mailing lists.") { Create(), Set(), Show(), ListSharesCommand.Build(), Signatures(), Remove() };

    private static Command Create()
    {
        var settings = new SettingOptions();
        var create = new Command("create", Shared.WithExamples(
            "Opens a list.",
            "list create news@lists.example.org --policy announce-only",
            "list create talk@lists.example.org --prefix '[talk:%05d] ' --footer 'https://lists.example.org/l/talk'"))
        {
            Address,
        };
        settings.AddTo(create);
        create.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new CreateList(parse.GetValue(Address)!) { Settings = settings.Read(parse) },
            (list, output) => output.WriteLine(Shown.Line($"{list.Address} is open. Next: listserver member import {list.Address} FILE")),
            cancellationToken));
        return create;
    }

    private static Command Set()
    {
        var settings = new SettingOptions();
        var set = new Command("set", Shared.WithExamples("Changes a list's settings; what is not named stays.", "list set talk@lists.example.org --mitigation wrap"))
        {
            Address,
        };
        settings.AddTo(set);
        set.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ChangeList(parse.GetValue(Address)!, settings.Read(parse)),
            (list, output) => Print(list, output),
            cancellationToken));
        return set;
    }

    private static Command Show()
    {
        var address = new Argument<string?>("LIST") { Description = "One list; all by default.", Arity = ArgumentArity.ZeroOrOne };
        var show = new Command("show", "Names all lists, or shows one list's settings.") { address };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseLists(parse.GetValue(address)),
            (lists, output) =>
            {
                foreach (var summary in lists)
                {
                    output.WriteLine(Shown.Line($"{summary.List.Address}\t{summary.Members} members\t{summary.Held} held\t{Words(summary.List.Posting)}"));
                }

                if (parse.GetValue(address) is not null)
                {
                    Print(lists[0].List, output);
                }
            },
            cancellationToken));
        return show;
    }

    private static Command Signatures()
    {
        var posts = new Option<int>("--posts") { Description = "How many of the latest posts are looked at, 1 to 200.", DefaultValueFactory = _ => 50 };
        var signatures = new Command("signature-report", Shared.WithExamples(
            "Tells which setting breaks whose signature, by trying each on the latest posts.", "list signature-report talk@lists.example.org"))
        {
            Address, posts,
        };
        signatures.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ReportSignatures(parse.GetValue(Address)!, parse.GetValue(posts)),
            (report, output) =>
            {
                output.WriteLine(Shown.Line($"{report.Signed} of {report.Posts} posts bear a signature that vouches for the author; on {report.Whole} of them it survives all settings."));
                foreach (var broken in report.Broken)
                {
                    output.WriteLine(Shown.Line($"{broken.Setting,-14} breaks {broken.Posts}: {string.Join(", ", broken.Domains)}"));
                }
            },
            cancellationToken));
        return signatures;
    }

    private static Command Remove()
    {
        var yes = new Option<bool>("--yes") { Description = "Needed: the list and its memberships go." };
        var remove = new Command("remove", "Closes a list and forgets its members.") { Address, yes };
        remove.SetAction(async (parse, cancellationToken) =>
        {
            if (parse.GetValue(yes))
            {
                return await Shared.RunAsync(
                    parse, new RemoveList(parse.GetValue(Address)!), (list, output) => output.WriteLine(Shown.Line($"{list.Address} is closed.")), cancellationToken);
            }

            await parse.InvocationConfiguration.Error.WriteLineAsync("This forgets the list's members. Say --yes to do it.");
            return ExitCode.NeedsConfirmation;
        });
        return remove;
    }

    private static void Print(MailingList list, TextWriter output)
    {
        output.WriteLine(Shown.Line($"address       {list.Address}"));
        output.WriteLine(Shown.Line($"name          {list.DisplayName}"));
        output.WriteLine(Shown.Line($"description   {list.Description}"));
        output.WriteLine(Shown.Line($"language      {list.Language}"));
        output.WriteLine(Shown.Line($"policy        {Words(list.Posting)}"));
        output.WriteLine(Shown.Line($"joining       {Words(list.Subscription)}"));
        output.WriteLine(Shown.Line($"roster        {(list.Roster is RosterAccess.Nobody ? "told to nobody" : $"told to {Words(list.Roster)}")}"));
        output.WriteLine(Shown.Line($"advertised    {(list.IsAdvertised ? "yes" : "no")}"));
        output.WriteLine(Shown.Line($"prefix        {list.SubjectPrefix}"));
        output.WriteLine(Shown.Line($"replies       to {Words(list.ReplyTo)} {list.ReplyAddress}"));
        output.WriteLine("header        " + Shown.Text(list.Header.ReplaceLineEndings("\n              ")));
        output.WriteLine("footer        " + Shown.Text(list.Footer.ReplaceLineEndings("\n              ")));
        if (list.HeaderHtml.Length + list.FooterHtml.Length > 0)
        {
            output.WriteLine("header html   " + Shown.Text(list.HeaderHtml.ReplaceLineEndings("\n              ")));
            output.WriteLine("footer html   " + Shown.Text(list.FooterHtml.ReplaceLineEndings("\n              ")));
        }

        output.WriteLine(Shown.Line($"transparent   {(list.IsTransparent ? "yes: prefix, header, footer and replies are as the author has them" : "no")}"));
        output.WriteLine(Shown.Line($"anonymous     {(list.IsAnonymous ? "yes: no copy names its author" : "no")}"));
        output.WriteLine(Shown.Line($"mitigation    {Words(list.Mitigation)}"));
        output.WriteLine(Shown.Line($"authors       {(list.RequireAuthorAuthentication ? "must be authenticated" : "need not be authenticated when their policy is lax")}"));
        output.WriteLine(Shown.Line($"forged        {(list.RejectForgedStrict ? "refused when SPF failed too, where there is consent (dmarc-consent); held otherwise" : "held")}"));
        output.WriteLine(Shown.Line($"personalized  {(list.Personalize ? "yes" : "no")}"));
        output.WriteLine(Shown.Line($"returns       {(list.Personalize || list.Verp ? "to an address for each member" : "to one address for all")}"));
        output.WriteLine(Shown.Line($"unreachable   {(list.RemoveUnreachable ? "removed" : "left suspended")} once three probes were in vain"));
        output.WriteLine(Shown.Line($"archive       {Words(list.Archive)}"));
        ModerationOptions.Print(list.Moderation, output);
        FilterOptions.Print(list.Filter, output);
        output.WriteLine(Shown.Line($"held posts    told {Words(list.HoldNotices)}, the author {(list.TellHeldAuthors ? "too" : "not")}; {(list.MaxHeldDays > 0 ? $"discarded after {list.MaxHeldDays} days" : "kept until decided")}"));
        output.WriteLine(Shown.Line($"digests       {Words(list.DigestPeriod)}{(list.DigestKilobytes > 0 ? $", or at {list.DigestKilobytes} KB" : "")}; volumes {Words(list.DigestVolume)}"));
        if (list.Sender is { } sender)
        {
            output.WriteLine(Shown.Line($"sender        {sender.Name}, {sender.Address}, {sender.Contact}"));
        }

        output.WriteLine(Shown.Line($"largest post  {(list.MaxPostOctets == 0 ? "the server's limit" : $"{list.MaxPostOctets} octets")}"));
    }

    /// <summary>AnnounceOnly → announce-only.</summary>
    internal static string Words<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
