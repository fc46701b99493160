using ListServer.Lists.Notices;
using ListServer.Store.Changes;

namespace ListServer.Admin.Templates;

/// <summary>Takes a template back: the one around it counts again.</summary>
/// <param name="Name">Of which notice.</param>
/// <param name="Language">en or ja.</param>
/// <param name="Scope">See <see cref="BrowseTemplates.Scope"/>.</param>
public sealed record ResetTemplate(string Name, string Language, string? Scope) : UseCase<TemplateOverride>
{
    /// <inheritdoc/>
    public override async Task<Outcome<TemplateOverride>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (TemplateScope.Problem(context, Scope, Language, Name, out _) is { } refused)
        {
            return refused;
        }

        if (context.Store.FindTemplate(TemplateScope.Stored(Scope), Language, Name) is not { } found)
        {
            return RefusedUseCase.NotFound($"There is no template {Name} in {Language} of {(string.IsNullOrEmpty(Scope) ? "the site" : Scope)}'s own.");
        }

        await context.CommitAsync(new TemplateRemoved(found.Scope, found.Language, found.Name), cancellationToken);
        return found;
    }
}
