using ListServer.Hosting;
using ListServer.Lists.Notices;

namespace ListServer.Correspondence;

/// <summary>Where the texts of notices stand: DATA/templates/LANGUAGE/NAME.liquid, or else the same beside the program.</summary>
internal static class TemplateFiles
{
    private const string Folder = "templates";

    /// <exception cref="ServerStartException">A template can't be used.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static NoticeTemplates Read(string dataFolder) =>
        NoticeTemplates.TryRead((language, name) => File.ReadAllText(Find(dataFolder, language, name)), out var templates, out var problem)
            ? templates!
            : throw new ServerStartException(problem!);

    private static string Find(string dataFolder, string language, string name)
    {
        var own = Path.Combine(dataFolder, Folder, language, name + ".liquid");
        return File.Exists(own) ? own : Path.Combine(AppContext.BaseDirectory, Folder, language, name + ".liquid");
    }
}
