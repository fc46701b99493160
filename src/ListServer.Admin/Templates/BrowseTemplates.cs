using ListServer.Lists.Notices;

namespace ListServer.Admin.Templates;

/// <summary>A template and where it comes from.</summary>
/// <param name="Name">Of which notice.</param>
/// <param name="Language">Its language.</param>
/// <param name="Origin">A list's posting address, a domain, "site", or "shipped" for the server's own.</param>
public sealed record TemplateSummary(string Name, string Language, string Origin);

/// <summary>The templates in use, and where each comes from.</summary>
/// <param name="Scope">For a list, by its posting address, or for a domain; null for everywhere.</param>
public sealed record BrowseTemplates(string? Scope) : Query<IReadOnlyList<TemplateSummary>>
{
    /// <inheritdoc/>
    protected override Outcome<IReadOnlyList<TemplateSummary>> Look(AdminContext context) =>
        TemplateScope.Problem(context, Scope, NoticeTemplates.Languages[0], null, out _) is { } refused
            ? refused
            : Outcome.Done<IReadOnlyList<TemplateSummary>>([.. from name in NoticeName.All from language in NoticeTemplates.Languages select new TemplateSummary(name, language, Origin(context, language, name))]);

    private string Origin(AdminContext context, string language, string name) =>
        TemplateScope.InUse(context, Scope, language, name)?.Scope switch
        {
            null => "shipped",
            "" => "site",
            var scope => scope,
        };
}
