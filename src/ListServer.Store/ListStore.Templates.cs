using ListServer.Lists.Notices;
using ListServer.Store.Tables;

namespace ListServer.Store;

public sealed partial class ListStore
{
    /// <summary>The template that stands in for the server's own there, or null for none.</summary>
    /// <param name="scope">A list's posting address, a domain, or empty for everywhere.</param>
    /// <param name="language">en or ja.</param>
    /// <param name="name">Of which notice.</param>
    public TemplateOverride? FindTemplate(string scope, string language, string name) => Find<TemplateOverride>(TableKey.Template(scope, language, name));
}
