using ListServer.Lists.Notices;
using ListServer.Store.Changes;

namespace ListServer.Admin.Templates;

/// <summary>A template that was set.</summary>
/// <param name="Template">The template.</param>
/// <param name="Untold">Languages in which the notice is still as it was there.</param>
public sealed record TemplateSet(TemplateOverride Template, IReadOnlyList<string> Untold);

/// <summary>Lets a template stand in for the server's own. It is tried first: what can't be filled in is not saved.</summary>
/// <param name="Name">Of which notice.</param>
/// <param name="Language">en or ja.</param>
/// <param name="Scope">See <see cref="BrowseTemplates.Scope"/>.</param>
/// <param name="Source">The template.</param>
public sealed record SetTemplate(string Name, string Language, string? Scope, string Source) : UseCase<TemplateSet>
{
    /// <inheritdoc/>
    public override async Task<Outcome<TemplateSet>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (TemplateScope.Problem(context, Scope, Language, Name, out var list) is { } refused)
        {
            return refused;
        }

        if (!NoticeTemplates.TryPreview(Source, list, out _, out var problem))
        {
            return RefusedUseCase.Invalid($"The template {Name} can't be used: {problem}");
        }

        var scope = TemplateScope.Stored(Scope);
        var template = new TemplateOverride(scope, Language, Name, Source.ReplaceLineEndings("\n"), context.Time.GetUtcNow(), context.Actor);
        await context.CommitAsync(new TemplateSaved(template), cancellationToken);
        return new TemplateSet(template, [.. NoticeTemplates.Languages.Where(language => language != Language && context.Store.FindTemplate(scope, language, Name) is null)]);
    }
}
