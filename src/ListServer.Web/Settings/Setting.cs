using System.Globalization;
using ListServer.Admin.Lists;
using ListServer.Lists;

namespace ListServer.Web.Settings;

/// <summary>How a setting is filled in.</summary>
public enum SettingForm
{
    /// <summary>One line.</summary>
    Line,

    /// <summary>Several lines.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Switch,

    /// <summary>One of several.</summary>
    Choice,
}

/// <summary>A setting of a list, as a page shows it. Titles and sentences are English; the page translates them.</summary>
/// <param name="Name">As the command line names it.</param>
/// <param name="Title">A few words.</param>
/// <param name="Sentence">What it does.</param>
/// <param name="Form">How it is filled in.</param>
/// <param name="Read">Its value, in text.</param>
/// <param name="Write">Puts a text into the settings to change; null for a text that is none.</param>
public sealed record Setting(
    string Name, string Title, string Sentence, SettingForm Form, Func<MailingList, string> Read, Func<ListSettings, string, ListSettings?> Write)
{
    /// <summary>What can be chosen, with words.</summary>
    public IReadOnlyList<(string Value, string Words)> Choices { get; init; } = [];

    /// <summary>True where the list differs from a new one.</summary>
    public bool IsChanged(MailingList list) => Read(list) != Read(new MailingList { LocalPart = list.LocalPart, Domain = list.Domain, DisplayName = list.DisplayName });

    internal static Setting OfSwitch(string name, string title, string sentence, Func<MailingList, bool> read, Func<ListSettings, bool, ListSettings> write) =>
        new(name, title, sentence, SettingForm.Switch, list => read(list) ? "yes" : "", (settings, text) => write(settings, text == "yes"));

    internal static Setting OfLine(string name, string title, string sentence, Func<MailingList, string> read, Func<ListSettings, string, ListSettings> write) =>
        new(name, title, sentence, SettingForm.Line, read, write);

    internal static Setting OfChoice<T>(
        string name, string title, string sentence, Func<MailingList, T> read, Func<ListSettings, T, ListSettings> write, params (T Value, string Words)[] choices)
        where T : struct, Enum => new(
            name, title, sentence, SettingForm.Choice, list => read(list).ToString(), (settings, text) => Enum.TryParse<T>(text, out var value) ? write(settings, value) : null)
        {
            Choices = [.. choices.Select(choice => (choice.Value.ToString(), choice.Words))],
        };

    internal static Setting OfNumber(string name, string title, string sentence, Func<MailingList, long> read, Func<ListSettings, long, ListSettings> write) => new(
        name,
        title,
        sentence,
        SettingForm.Number,
        list => read(list).ToString(CultureInfo.InvariantCulture),
        (settings, text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < int.MaxValue ? write(settings, number) : null);
}
