using System.CommandLine;
using ListServer.Admin.Templates;
using ListServer.Lists.Notices;

namespace ListServer.Commands;

/// <summary>listserver template …</summary>
internal static class TemplateCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "Of which notice, such as confirm-join; 'template list' names them." };
    private static readonly Option<string?> Scope = new("--for") { Description = "A list, by its posting address, or a domain; everywhere by default.", HelpName = "LIST|DOMAIN" };
    private static readonly Option<string> Language = new("--language") { Description = "en or ja.", DefaultValueFactory = _ => "en" };

    public static Command Build() => new("template", "The words of notices: what the server writes to members, authors and owners.") { Browse(), Show(), Set(), Preview(), Check(), Reset() };

    private static Command Browse()
    {
        var browse = new Command("list", "Names the templates and where each comes from.") { Scope };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseTemplates(parse.GetValue(Scope)),
            (templates, output) =>
            {
                foreach (var template in templates)
                {
                    output.WriteLine(Shown.Line($"{template.Name}\t{template.Language}\t{template.Origin}"));
                }
            },
            cancellationToken));
        return browse;
    }

    private static Command Show()
    {
        var show = new Command("show", Shared.WithExamples("Shows a template, to be changed in a file.", "template show welcome --for talk@lists.example.org > welcome.liquid")) { Name, Scope, Language };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ShowTemplate(parse.GetValue(Name)!, parse.GetValue(Language)!, parse.GetValue(Scope)),
            (template, output) => output.Write(Shown.Text(template.Source)),
            cancellationToken));
        return show;
    }

    private static Command Set()
    {
        var file = FileOf("FILE", ArgumentArity.ExactlyOne);
        var set = new Command("set", Shared.WithExamples(
            "Lets a template stand in for the server's own, once it is found fit.", "template set welcome welcome.liquid --for talk@lists.example.org", "template set help help.ja.liquid --language ja"))
        {
            Name, file, Scope, Language,
        };
        set.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new SetTemplate(parse.GetValue(Name)!, parse.GetValue(Language)!, parse.GetValue(Scope), File.ReadAllText(parse.GetValue(file)!.FullName)),
            (saved, output) =>
            {
                output.WriteLine(Shown.Line($"{saved.Template.Name} in {saved.Template.Language} is {Where(saved.Template)}'s own now."));
                foreach (var language in saved.Untold)
                {
                    output.WriteLine(Shown.Line($"In {language} it is as it was: template set {saved.Template.Name} FILE --language {language} changes it too."));
                }
            },
            cancellationToken));
        return set;
    }

    private static Command Preview()
    {
        var file = FileOf("FILE", ArgumentArity.ZeroOrOne);
        var preview = new Command("preview", "Shows what the notice says, with made-up facts: from a file, or the template in use.") { Name, file, Scope, Language };
        preview.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            Asked(parse, file),
            (notice, output) => output.Write(Shown.Text($"Subject: {notice.Subject}\n\n{notice.Text}")),
            cancellationToken));
        return preview;
    }

    private static Command Check()
    {
        var file = FileOf("FILE", ArgumentArity.ExactlyOne);
        var check = new Command("check", "Says whether a template is fit, and what is wrong with it where; changes nothing.") { Name, file, Scope, Language };
        check.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            Asked(parse, file),
            (notice, output) => output.WriteLine(Shown.Line($"It is fit: “{notice.Subject}”.")),
            cancellationToken));
        return check;
    }

    private static Command Reset()
    {
        var reset = new Command("reset", "Takes a template back: the one around it counts again.") { Name, Scope, Language };
        reset.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ResetTemplate(parse.GetValue(Name)!, parse.GetValue(Language)!, parse.GetValue(Scope)),
            (template, output) => output.WriteLine(Shown.Line($"{template.Name} in {template.Language} is no longer {Where(template)}'s own.")),
            cancellationToken));
        return reset;
    }

    private static PreviewTemplate Asked(ParseResult parse, Argument<FileInfo> file) => new(
        parse.GetValue(Name)!, parse.GetValue(Language)!, parse.GetValue(Scope), parse.GetValue(file) is { } given ? File.ReadAllText(given.FullName) : null);

    private static Argument<FileInfo> FileOf(string name, ArgumentArity arity)
    {
        var file = new Argument<FileInfo>(name) { Description = "A line 'Subject: …', an empty line, and the text, in Liquid.", Arity = arity };
        file.AcceptExistingOnly();
        return file;
    }

    private static string Where(TemplateOverride template) => template.Scope.Length == 0 ? "the site" : template.Scope;
}
