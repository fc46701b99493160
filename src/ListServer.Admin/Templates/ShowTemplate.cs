namespace ListServer.Admin.Templates;

/// <summary>A template as it stands.</summary>
/// <param name="Name">Of which notice.</param>
/// <param name="Language">Its language.</param>
/// <param name="Source">Its text.</param>
/// <param name="SetBy">Who set it; empty for the server's own.</param>
public sealed record TemplateText(string Name, string Language, string Source, string SetBy);

/// <summary>The template in use for a notice.</summary>
/// <param name="Name">Of which notice.</param>
/// <param name="Language">en or ja.</param>
/// <param name="Scope">See <see cref="BrowseTemplates.Scope"/>.</param>
public sealed record ShowTemplate(string Name, string Language, string? Scope) : Query<TemplateText>
{
    /// <inheritdoc/>
    protected override Outcome<TemplateText> Look(AdminContext context)
    {
        if (TemplateScope.Problem(context, Scope, Language, Name, out _) is { } refused)
        {
            return refused;
        }

        var own = TemplateScope.InUse(context, Scope, Language, Name);
        return new TemplateText(Name, Language, own?.Source ?? context.Templates().Source(Language, Name), own?.SetBy ?? "");
    }
}
