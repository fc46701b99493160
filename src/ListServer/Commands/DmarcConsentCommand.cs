using System.CommandLine;
using ListServer.Admin.Consents;
using ListServer.Lists.Consents;

namespace ListServer.Commands;

/// <summary>listserver dmarc-consent …</summary>
internal static class DmarcConsentCommand
{
    private static readonly Argument<string> Scope = new("SCOPE") { Description = "A domain, or a list's posting address." };
    private static readonly Argument<ConsentPurpose> Purpose = new("PURPOSE") { Description = "filtering or reporting." };
    private static readonly Option<string> Language = new("--language") { Description = "Of the words: en or ja.", HelpName = "LANGUAGE", DefaultValueFactory = _ => "en" };

    public static Command Build() => new("dmarc-consent", "Consent to refusing mail by DMARC, and to sending reports. (Members' consent to receive a list: member consent.)")
    {
        Browse(), Show(), Give(), Withdraw(),
    };

    private static Command Browse()
    {
        var all = new Option<bool>("--all") { Description = "What was replaced by a later consent, too." };
        var browse = new Command("list", "Names what was agreed to, by domain and list, and what was withdrawn.") { all };
        browse.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseDmarcConsents(parse.GetValue(all)),
            (consents, output) =>
            {
                foreach (var consent in consents)
                {
                    output.WriteLine(Shown.Line($"{consent.Scope}\t{Word(consent.Purpose)}\t{State(consent)}"));
                }
            },
            cancellationToken));
        return browse;
    }

    private static Command Show()
    {
        var show = new Command("show", Shared.WithExamples("Shows what one agrees to, and how it stands.", "dmarc-consent show lists.example.org --language ja")) { Scope, Language };
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new ShowDmarcConsent(parse.GetValue(Scope)!, parse.GetValue(Language)!),
            (view, output) =>
            {
                foreach (var state in view.States)
                {
                    var stands = state switch { { Last: { } last } => State(last), { StandsByDomain: true } => "given for the domain", _ => "not given" };
                    output.WriteLine(Shown.Line($"{Word(state.Purpose)}: {stands}"));
                    output.WriteLine();
                    output.WriteLine(Shown.Text(state.Wording));
                    output.WriteLine();
                    if (!state.Stands)
                    {
                        output.WriteLine(Shown.Line($"To agree: listserver dmarc-consent give {view.Scope} {Word(state.Purpose)} --language {parse.GetValue(Language)} --agree {state.Version}"));
                        output.WriteLine();
                    }
                }
            },
            cancellationToken));
        return show;
    }

    private static Command Give()
    {
        var agree = new Option<string>("--agree") { Description = "The version of the words that you have read, as 'dmarc-consent show' names it.", HelpName = "VERSION", Required = true };
        var give = new Command("give", Shared.WithExamples("Agrees. Who, when and to which words is kept.", "dmarc-consent give lists.example.org reporting --agree " + ConsentWording.Version))
        {
            Scope, Purpose, Language, agree,
        };
        give.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new GiveDmarcConsent(parse.GetValue(Scope)!, parse.GetValue(Purpose), parse.GetValue(Language)!, parse.GetValue(agree)!, "command line"),
            (consent, output) => output.WriteLine(Shown.Line($"{consent.Scope}: {Word(consent.Purpose)} {State(consent)}")),
            cancellationToken));
        return give;
    }

    private static Command Withdraw()
    {
        var withdraw = new Command("withdraw", "Withdraws a consent: nothing is refused by it, and nothing is counted or sent, from now on.") { Scope, Purpose };
        withdraw.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new WithdrawDmarcConsent(parse.GetValue(Scope)!, parse.GetValue(Purpose)),
            (consent, output) => output.WriteLine(Shown.Line($"{consent.Scope}: {Word(consent.Purpose)} {State(consent)}")),
            cancellationToken));
        return withdraw;
    }

    private static string Word(ConsentPurpose purpose) => purpose is ConsentPurpose.Filtering ? "filtering" : "reporting";

    private static string State(DmarcConsent consent) => FormattableString.Invariant(
            $"given {consent.GivenAt:yyyy-MM-dd HH:mm} by {consent.GivenBy} ({consent.Face}; words of {consent.Version}, {consent.Language})")
        + (consent.WithdrawnAt is { } at ? FormattableString.Invariant($", withdrawn {at:yyyy-MM-dd HH:mm} by {consent.WithdrawnBy}") : "");
}
