using System.Globalization;

namespace ListServer.Web.Visits;

/// <summary>
/// What pages say, in the viewer's language. English stands in the pages themselves; Words/ja.txt has each text with its translation below it.
/// </summary>
internal sealed class Words
{
    public static readonly Words English = new("en", CultureInfo.GetCultureInfo("en-GB"), new(StringComparer.Ordinal));

    public static readonly Words Japanese = new("ja", CultureInfo.GetCultureInfo("ja-JP"), Read("ja.txt"));

    private readonly Dictionary<string, string> _texts;

    private Words(string language, CultureInfo culture, Dictionary<string, string> texts) => (Language, Culture, _texts) = (language, culture, texts);

    /// <summary>en or ja.</summary>
    public string Language { get; }

    /// <summary>How numbers and times are written.</summary>
    public CultureInfo Culture { get; }

    /// <summary>The words of a language, or null for one there is none of.</summary>
    public static Words? Find(string? language) => language switch { "en" => English, "ja" => Japanese, _ => null };

    /// <summary>The text in this language, with its values; a text without translation stays English.</summary>
    public string Say(string english, params ReadOnlySpan<object?> values)
    {
        var text = _texts.GetValueOrDefault(english, english);
        return values.IsEmpty ? text : string.Format(Culture, text, values);
    }

    /// <summary>Marks a text that is translated where it is shown.</summary>
    public static string Later(string english) => english;

    private static Dictionary<string, string> Read(string name)
    {
        using var stream = typeof(Words).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Trim('\n').Split('\n', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }
}
