namespace ListServer.Web;

/// <summary>How the pages behave.</summary>
/// <param name="ShowOverview">
/// Shows lists and traces to whoever can reach the page. Only for the demo and for machines that nobody else reaches: there is no sign-in before it.
/// </param>
public sealed record WebSettings(bool ShowOverview);
