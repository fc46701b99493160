using ListServer.Admin.Posts;
using ListServer.Lists.Cooking;
using ListServer.Lists.Mitigation;

namespace ListServer.Commands;

/// <summary>What would happen to a message, in lines for people.</summary>
internal static class TrialText
{
    private const int LongestValue = 200;

    public static void Print(PostTrial trial, TextWriter output)
    {
        output.WriteLine(Shown.Line($"list         {trial.List}"));
        Print("verification", trial.Verification, output);
        PrintDecision(trial.Decision, output);
        foreach (var decision in trial.Mitigation)
        {
            output.WriteLine(Shown.Line($"mitigation   row {decision.Row}, {ListCommand.Words(decision.Action)}: {decision.Why}"));
        }

        if (!trial.Modifications.IsEmpty)
        {
            output.WriteLine("changes");
        }

        foreach (var change in trial.Modifications)
        {
            output.WriteLine(Shown.Line($"  {Told(change)}"));
        }

        output.WriteLine(Shown.Line($"recipients   {trial.Recipients} at {trial.Destinations} destinations"));
        if (trial.Copy is { } copy)
        {
            PrintCopy(copy, output);
        }
        else
        {
            output.WriteLine(Shown.Line($"copy         none would leave{(trial.Stays is { } why ? ": " + why : "")}"));
        }
    }

    private static void PrintDecision(TrialDecision decision, TextWriter output)
    {
        output.WriteLine(Shown.Line($"verdict      {decision.Verdict}, reply {decision.Reply}{(decision.Reason.Length > 0 ? ": " + decision.Reason : "")}"));
        output.WriteLine(Shown.Line($"rules        {string.Join(", ", decision.Rules.Select(rule => rule.Verdict is null ? rule.Rule : $"{rule.Rule} ({rule.Verdict})"))}"));
        foreach (var rule in decision.Rules.Where(rule => rule.Verdict is not null))
        {
            output.WriteLine(Shown.Line($"  {rule.Rule}: {rule.Verdict}: {rule.Reason}"));
        }

        if (decision.Verdict == "hold")
        {
            output.WriteLine("             below: what would leave if a moderator accepted it");
        }
    }

    private static void PrintCopy(TrialCopy copy, TextWriter output)
    {
        output.WriteLine(Shown.Line($"copy         {copy.Size} octets, number {copy.Serial}, MAIL FROM <{copy.ReversePath}>{(copy.Recipient is { } member ? $", the one of {member}" : "")}"));
        Print("signing", copy.Signing, output);
        Print("next hop sees", copy.Seen, output);
        output.WriteLine("forecast");
        foreach (var forecast in copy.Forecasts)
        {
            output.WriteLine(Shown.Line($"  {Words(forecast.Receiver)}: {ListCommand.Words(forecast.Outcome)}: {forecast.Why}"));
        }

        output.WriteLine();
        output.WriteLine("--- as it came");
        output.WriteLine("+++ as it would leave");
        output.Write(Shown.Text(copy.Diff));
    }

    private static void Print(string heading, IEnumerable<TrialLine> lines, TextWriter output)
    {
        output.WriteLine(heading);
        foreach (var line in lines)
        {
            output.WriteLine(Shown.Line($"  {line.Outcome}{(line.Detail.Length > 0 ? ": " + line.Detail : "")}"));
        }
    }

    private static string Told(Modification change) => change switch
    {
        { Before: null } => $"{change.Target} added: {Short(change.After)}",
        { After: null } => $"{change.Target} removed: {Short(change.Before)}",
        _ => $"{change.Target}: {Short(change.Before)} → {Short(change.After)}",
    };

    // Folds are no news.
    private static string Short(string? value)
    {
        var text = string.Join(' ', (value ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > LongestValue ? text[..LongestValue] + "…" : text;
    }

    private static string Words(ReceiverKind receiver) => receiver switch
    {
        ReceiverKind.Strict => "a strict receiver",
        ReceiverKind.GmailLike => "a Gmail-like receiver",
        _ => "a receiver that trusts our seal",
    };
}
