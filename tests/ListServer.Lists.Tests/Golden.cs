using System.Text;

namespace ListServer.Lists.Tests;

/// <summary>Holds octets against a file of Data/. With LISTSERVER_WRITE_GOLDEN naming the source's Data folder, writes the file instead.</summary>
internal static class Golden
{
    public static void Check(string folder, string name, byte[] octets)
    {
        if (Environment.GetEnvironmentVariable("LISTSERVER_WRITE_GOLDEN") is { Length: > 0 } target)
        {
            File.WriteAllBytes(Path.Combine(target, folder, name), octets);
            return;
        }

        var path = Path.Combine(AppContext.BaseDirectory, "Data", folder, name);
        Encoding.Latin1.GetString(octets).ShouldBe(Encoding.Latin1.GetString(File.ReadAllBytes(path)), path);
    }
}
