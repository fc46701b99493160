using ListServer.Lists.Notices;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A template stands in for the server's own from now on.</summary>
public sealed record TemplateSaved(TemplateOverride Template) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Template(Template.Scope, Template.Language, Template.Name), Template);
}

/// <summary>It no longer does.</summary>
/// <param name="Scope">See <see cref="TemplateOverride.Scope"/>.</param>
/// <param name="Language">Its language.</param>
/// <param name="Name">Its name.</param>
public sealed record TemplateRemoved(string Scope, string Language, string Name) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.Template(Scope, Language, Name));
}
