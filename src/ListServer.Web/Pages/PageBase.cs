using System.Globalization;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Components;

namespace ListServer.Web.Pages;

/// <summary>What every page and part of a page has at hand.</summary>
public abstract class PageBase : ComponentBase
{
    [Inject]
    internal Visit Visit { get; set; } = null!;

    /// <summary>The English text in the viewer's language, with its values.</summary>
    protected string T(string english, params ReadOnlySpan<object?> values) => Visit.Words.Say(english, values);

    /// <summary>A number as the viewer writes it.</summary>
    protected string Number(long number) => number.ToString("N0", Visit.Words.Culture);

    /// <summary>A time as the viewer writes it, in UTC.</summary>
    protected static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + " UTC";
}
