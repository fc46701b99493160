using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ListServer.Admin.Tokens;

namespace ListServer.Web.Tests.Api;

/// <summary>What the API answered.</summary>
internal sealed record ApiReply(HttpStatusCode Status, HttpResponseHeaders Headers, string MediaType, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string? ETag => Headers.ETag?.ToString();

    /// <summary>The last part of a problem's type.</summary>
    public string Problem => MediaType == "application/problem+json" ? Json.GetProperty("type").GetString()!.Split('/')[^1] : "none";

    public IEnumerable<string> WrongFields => Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()!);

    public string Value(string name) => Json.GetProperty(name).ToString();
}

/// <summary>A program with a token.</summary>
internal sealed class ApiClient(Uri address, string? token) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = address };

    public string? Token => token;

    /// <summary>A program that acts for somebody.</summary>
    public static async Task<ApiClient> OfAsync(Site site, string address, string[]? lists = null, params string[] scopes)
    {
        string[] usual = [.. Scope.All.Where(scope => address == Site.Admin && lists is null || !Scope.IsForServer(scope))];
        var made = await site.DoAsync(new CreateToken(address, "test", [.. scopes.Length > 0 ? scopes : usual], [.. lists ?? []]));
        return new ApiClient(site.Address, made.Secret);
    }

    public Task<ApiReply> GetAsync(string path) => SendAsync("GET", path, null);

    public Task<ApiReply> PostAsync(string path, object body, params (string Name, string Value)[] headers) => SendAsync("POST", path, JsonSerializer.Serialize(body), headers);

    public Task<ApiReply> PatchAsync(string path, object body, string? tag) => SendAsync("PATCH", path, JsonSerializer.Serialize(body), tag is null ? [] : [("If-Match", tag)]);

    public async Task<ApiReply> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return new ApiReply(
            answer.StatusCode, answer.Headers, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose() => _client.Dispose();
}
