using ListServer.Admin.Keys;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Notices;

namespace ListServer.Admin.Templates;

/// <summary>What use cases of templates ask first.</summary>
internal static class TemplateScope
{
    /// <summary>What is wrong with where and which; null when there are such.</summary>
    /// <param name="context">Where to look.</param>
    /// <param name="scope">As somebody wrote it; null for everywhere.</param>
    /// <param name="language">The language.</param>
    /// <param name="name">Of which notice; null for all.</param>
    /// <param name="list">The list of that scope; of a domain or of the site one that stands for any.</param>
    public static RefusedUseCase? Problem(AdminContext context, string? scope, string language, string? name, out MailingList list)
    {
        var found = scope is { } address && address.Contains('@', StringComparison.Ordinal) ? context.Store.FindList(address) : null;
        var domain = found is null && scope is { Length: > 0 } ? context.Store.FindDomain(scope)?.Name : null;
        list = found ?? new MailingList { LocalPart = "list", Domain = domain ?? "example.org", DisplayName = "Example", Description = "A list to show templates with", Language = language };
        return scope is { Length: > 0 } && found is null && domain is null
            ? scope.Contains('@', StringComparison.Ordinal) ? MissingList.Refuse(scope) : MissingDomain.Refuse(scope)
            : !NoticeTemplates.Languages.Contains(language) ? RefusedUseCase.Invalid($"'{language}' is not a language here. Choose {string.Join(" or ", NoticeTemplates.Languages)}.")
            : name is not null && NoticeName.Find(name) is null ? RefusedUseCase.NotFound($"There is no template {name}. There are {string.Join(", ", NoticeName.All)}.")
            : null;
    }

    /// <summary>The scope as it is stored.</summary>
    public static string Stored(string? scope) => (scope ?? "").ToLowerInvariant();

    /// <summary>What stands in place of the shipped template in a scope: of it, or else of the narrowest around it; null for nothing.</summary>
    public static TemplateOverride? InUse(AdminContext context, string? scope, string language, string name) =>
        NoticeTemplates.ScopesOf(Stored(scope)).Select(around => context.Store.FindTemplate(around, language, name)).FirstOrDefault(found => found is not null);
}
