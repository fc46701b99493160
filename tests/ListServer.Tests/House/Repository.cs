namespace ListServer.Tests.House;

/// <summary>Finds the source tree from a test's output folder.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "ListServer.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("ListServer.sln is in no folder above the tests"));
}
