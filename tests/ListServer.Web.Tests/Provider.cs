using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ListServer.Web.Tests;

/// <summary>A provider of identities on loopback: everybody who comes is whoever the test says.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string ClientId = "lists";
    public const string ClientSecret = "the client's secret";
    private readonly RSA _key = RSA.Create(2048);
    private WebApplication _application = null!;
    private (string Challenge, string Nonce, string RedirectUri) _asked;

    public Uri Address { get; private set; } = null!;

    /// <summary>What it says of whoever comes.</summary>
    public JsonObject Claims { get; set; } = [];

    /// <summary>For whom it says so.</summary>
    public string Audience { get; set; } = ClientId;

    /// <summary>False for one whose nonce is another one than was asked for.</summary>
    public bool KeepsNonce { get; set; } = true;

    /// <summary>False for one who signs with another key than it shows.</summary>
    public bool HasItsKey { get; set; } = true;

    public static async Task<Provider> StartAsync()
    {
        var provider = new Provider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        application.MapGet("/.well-known/openid-configuration", () => Json(new JsonObject
        {
            ["issuer"] = provider.Issuer,
            ["authorization_endpoint"] = provider.Issuer + "/authorize",
            ["token_endpoint"] = provider.Issuer + "/token",
            ["jwks_uri"] = provider.Issuer + "/keys",
            ["response_types_supported"] = new JsonArray("code"),
            ["subject_types_supported"] = new JsonArray("public"),
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
        }));
        application.MapGet("/keys", () =>
        {
            var key = provider._key.ExportParameters(includePrivateParameters: false);
            return Json(new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "1", ["alg"] = "RS256", ["n"] = Text(key.Modulus!), ["e"] = Text(key.Exponent!) }) });
        });
        application.MapGet("/authorize", (string redirect_uri, string state, string nonce, string code_challenge, string client_id, string response_type) =>
        {
            (client_id, response_type).ShouldBe((ClientId, "code"));
            provider._asked = (code_challenge, nonce, redirect_uri);
            return Results.Redirect($"{redirect_uri}?code=once&state={Uri.EscapeDataString(state)}");
        });
        application.MapPost("/token", async (HttpRequest request) => provider.Token(await request.ReadFormAsync()));
        await application.StartAsync();
        provider._application = application;
        provider.Address = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        _key.Dispose();
    }

    private string Issuer => Address.ToString().TrimEnd('/');

    private IResult Token(IFormCollection form)
    {
        var isRight = form["client_secret"] == ClientSecret && form["code"] == "once" && form["redirect_uri"] == _asked.RedirectUri
            && Text(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) == _asked.Challenge;
        return isRight
            ? Json(new JsonObject { ["access_token"] = "none", ["token_type"] = "Bearer", ["expires_in"] = 60, ["id_token"] = IdToken() })
            : Results.BadRequest();
    }

    private string IdToken()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = (JsonObject)Claims.DeepClone();
        (claims["iss"], claims["aud"], claims["sub"], claims["iat"], claims["exp"]) = (Issuer, Audience, "somebody", now, now + 60);
        claims["nonce"] = KeepsNonce ? _asked.Nonce : "another";
        var text = Text(Encoding.UTF8.GetBytes("""{"alg":"RS256","kid":"1","typ":"JWT"}""")) + "." + Text(Encoding.UTF8.GetBytes(claims.ToJsonString()));
        using var other = RSA.Create(2048);
        return text + "." + Text((HasItsKey ? _key : other).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private static IResult Json(JsonObject value) => Results.Text(value.ToJsonString(), "application/json");

    private static string Text(byte[] octets) => Base64Url.EncodeToString(octets);
}
