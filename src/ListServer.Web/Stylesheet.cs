using System.Security.Cryptography;

namespace ListServer.Web;

/// <summary>The one style sheet, kept in the assembly and named by its hash, so that browsers may keep it for ever.</summary>
internal static class Stylesheet
{
    public static readonly byte[] Octets = Load();

    public static readonly string Path = $"/assets/app.{Convert.ToHexStringLower(SHA256.HashData(Octets))[..12]}.css";

    private static byte[] Load()
    {
        using var stream = typeof(Stylesheet).Assembly.GetManifestResourceStream("app.css")!;
        var octets = new byte[stream.Length];
        stream.ReadExactly(octets);
        return octets;
    }
}
