using System.Collections.Immutable;
using System.Globalization;
using ListServer.Lists.Moderation;

namespace ListServer.Admin.Lists;

/// <summary>Settings of moderation to change; null leaves a setting as it is.</summary>
public sealed record ModerationChange
{
    private const int MostAliases = 100;

    /// <summary>See <see cref="ModerationSettings.IsEmergency"/>.</summary>
    public bool? IsEmergency { get; init; }

    /// <summary>See <see cref="ModerationSettings.Nonmembers"/>.</summary>
    public AuthorAction? Nonmembers { get; init; }

    /// <summary>See <see cref="ModerationSettings.MaxRecipients"/>.</summary>
    public int? MaxRecipients { get; init; }

    /// <summary>See <see cref="ModerationSettings.HoldsAdministrivia"/>.</summary>
    public bool? HoldsAdministrivia { get; init; }

    /// <summary>See <see cref="ModerationSettings.RequiresDestination"/>.</summary>
    public bool? RequiresDestination { get; init; }

    /// <summary>See <see cref="ModerationSettings.Aliases"/>; separated by blanks or commas.</summary>
    public string? Aliases { get; init; }

    /// <summary>See <see cref="ModerationSettings.RequiresSubject"/>.</summary>
    public bool? RequiresSubject { get; init; }

    /// <summary>See <see cref="ModerationSettings.HoldsDigestQuotes"/>.</summary>
    public bool? HoldsDigestQuotes { get; init; }

    /// <summary>See <see cref="HeaderMatch.TryRead"/>; empty for none.</summary>
    public string? HeaderMatches { get; init; }

    /// <summary>See <see cref="ModerationSettings.SpamHoldScore"/>; a number, or "off".</summary>
    public string? SpamHoldScore { get; init; }

    /// <summary>See <see cref="ModerationSettings.SpamRejectScore"/>; a number, or "off".</summary>
    public string? SpamRejectScore { get; init; }

    /// <summary>See <see cref="ModerationSettings.MaxPostsADay"/>.</summary>
    public int? MaxPostsADay { get; init; }

    /// <summary>Puts the settings into those of a list.</summary>
    /// <returns>What is wrong, or null; then <paramref name="changed"/> are the settings.</returns>
    internal string? Apply(ModerationSettings present, out ModerationSettings changed)
    {
        changed = present with
        {
            IsEmergency = IsEmergency ?? present.IsEmergency,
            Nonmembers = Nonmembers ?? present.Nonmembers,
            MaxRecipients = MaxRecipients ?? present.MaxRecipients,
            HoldsAdministrivia = HoldsAdministrivia ?? present.HoldsAdministrivia,
            RequiresDestination = RequiresDestination ?? present.RequiresDestination,
            Aliases = Aliases is null ? present.Aliases : [.. Aliases.Split([' ', ',', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)],
            RequiresSubject = RequiresSubject ?? present.RequiresSubject,
            HoldsDigestQuotes = HoldsDigestQuotes ?? present.HoldsDigestQuotes,
            MaxPostsADay = MaxPostsADay ?? present.MaxPostsADay,
        };
        return Problem(changed)
            ?? Read("spam score to hold", SpamHoldScore, present.SpamHoldScore, out var hold)
            ?? Read("spam score to reject", SpamRejectScore, present.SpamRejectScore, out var reject)
            ?? ReadHeaderMatches(present.HeaderMatches, out var matches)
            ?? Finish(ref changed, hold, reject, matches);
    }

    private static string? Finish(ref ModerationSettings changed, double? hold, double? reject, ImmutableArray<HeaderMatch> matches)
    {
        changed = changed with { SpamHoldScore = hold, SpamRejectScore = reject, HeaderMatches = matches };
        return null;
    }

    private static string? Problem(ModerationSettings settings) => settings switch
    {
        { MaxRecipients: < 0 } => "The number of recipients can't be less than 0.",
        { MaxPostsADay: < 0 } => "The number of posts a day can't be less than 0.",
        { Aliases.Length: > MostAliases } => $"A list has {MostAliases} aliases at the most; * stands for any characters.",
        _ => settings.Aliases.FirstOrDefault(alias => !alias.Contains('@', StringComparison.Ordinal) || alias.Length > 320) is { } bad
            ? $"'{bad}' is no address. Write an alias like old-name@example.org or *@lists.example.org."
            : null,
    };

    private static string? Read(string what, string? text, double? present, out double? score)
    {
        score = text switch
        {
            null => present,
            "off" => null,
            _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
            _ => double.NaN,
        };
        return score is double.NaN ? $"'{text}' is no {what}. Give a number such as 5.5, or off." : null;
    }

    private string? ReadHeaderMatches(ImmutableArray<HeaderMatch> present, out ImmutableArray<HeaderMatch> matches)
    {
        matches = present;
        return HeaderMatches is null || HeaderMatch.TryRead(HeaderMatches, out matches, out var problem) ? null : $"The header rules can't be used. {problem}";
    }
}
