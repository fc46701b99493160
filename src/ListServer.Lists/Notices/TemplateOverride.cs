namespace ListServer.Lists.Notices;

/// <summary>A template that stands in for the server's own.</summary>
/// <param name="Scope">Where: a list's posting address, a domain, or empty for everywhere. The narrowest counts.</param>
/// <param name="Language">en or ja.</param>
/// <param name="Name">Of which notice, such as confirm-join.</param>
/// <param name="Source">A line "Subject: …", an empty line, and the text.</param>
/// <param name="SetAt">Since when.</param>
/// <param name="SetBy">By whom.</param>
public sealed record TemplateOverride(string Scope, string Language, string Name, string Source, DateTimeOffset SetAt, string SetBy);
