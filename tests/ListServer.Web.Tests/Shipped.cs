using ListServer.Lists.Notices;

namespace ListServer.Web.Tests;

/// <summary>The templates that the server comes with.</summary>
internal static class Shipped
{
    public static NoticeTemplates Templates { get; } =
        NoticeTemplates.TryRead(Read, out var templates, out var problem) ? templates! : throw new InvalidOperationException(problem);

    private static string Read(string language, string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "templates", language, name + ".liquid"));
}
