using ListServer.Lists.Notices;

namespace ListServer.Admin.Templates;

/// <summary>A notice as a template writes it, about things that stand for any; a template that can't be used is refused with its line.</summary>
/// <param name="Name">Of which notice.</param>
/// <param name="Language">en or ja.</param>
/// <param name="Scope">See <see cref="BrowseTemplates.Scope"/>.</param>
/// <param name="Source">The template; null for the one in use.</param>
public sealed record PreviewTemplate(string Name, string Language, string? Scope, string? Source = null) : Query<Notice>
{
    /// <inheritdoc/>
    protected override Outcome<Notice> Look(AdminContext context)
    {
        if (TemplateScope.Problem(context, Scope, Language, Name, out var list) is { } refused)
        {
            return refused;
        }

        var source = Source ?? TemplateScope.InUse(context, Scope, Language, Name)?.Source ?? context.Templates().Source(Language, Name);
        return NoticeTemplates.TryPreview(source, list with { Language = Language }, out var notice, out var problem)
            ? notice!
            : RefusedUseCase.Invalid($"The template {Name} can't be used: {problem}");
    }
}
