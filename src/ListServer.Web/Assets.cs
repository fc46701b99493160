using System.IO.Compression;
using System.Security.Cryptography;
using ListServer.Admin.People;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ListServer.Web;

/// <summary>A file of the pages, kept in the assembly and named by its hash, so that browsers may keep it for ever.</summary>
/// <param name="Path">Where it is served.</param>
/// <param name="MediaType">What it is.</param>
/// <param name="Octets">As it is.</param>
/// <param name="Compressed">With gzip.</param>
internal sealed record Asset(string Path, string MediaType, byte[] Octets, byte[] Compressed)
{
    public static readonly Asset Pico = Load("pico.min.css", "text/css; charset=utf-8");

    public static readonly Asset Styles = Load("app.css", "text/css; charset=utf-8");

    public static readonly Asset PasskeyScript = Load("passkeys.js", "text/javascript; charset=utf-8");

    public static readonly Asset KeyScript = Load("keys.js", "text/javascript; charset=utf-8");

    public static readonly Asset Live = Load("live.js", "text/javascript; charset=utf-8");

    public static void MapAll(IEndpointRouteBuilder routes)
    {
        foreach (var asset in (Asset[])[Pico, Styles, PasskeyScript, KeyScript, Live])
        {
            routes.MapGet(asset.Path, (HttpContext http) =>
            {
                var zipped = http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
                http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                http.Response.Headers.Vary = "Accept-Encoding";
                if (zipped)
                {
                    http.Response.Headers.ContentEncoding = "gzip";
                }

                return Results.Bytes(zipped ? asset.Compressed : asset.Octets, asset.MediaType);
            }).Needs(Right.Public);
        }
    }

    private static Asset Load(string name, string mediaType)
    {
        using var stream = typeof(Asset).Assembly.GetManifestResourceStream(name)!;
        var octets = new byte[stream.Length];
        stream.ReadExactly(octets);
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.SmallestSize))
        {
            zip.Write(octets);
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(octets))[..12];
        return new Asset($"/assets/{System.IO.Path.GetFileNameWithoutExtension(name)}.{hash}{System.IO.Path.GetExtension(name)}", mediaType, octets, zipped.ToArray());
    }
}
