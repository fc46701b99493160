using System.Globalization;
using ListServer.Admin;
using ListServer.Admin.People;
using ListServer.Lists;
using ListServer.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ListServer.Web.Api;

/// <summary>A parameter behind the question mark.</summary>
/// <param name="Name">In camelCase.</param>
/// <param name="Type">string, integer or boolean, as OpenAPI calls it.</param>
/// <param name="Words">What it does.</param>
internal sealed record QueryParameter(string Name, string Type, string Words)
{
    public const int MostItems = 500;
    public const int UsualItems = 100;

    public static readonly QueryParameter Limit = new("limit", "integer", $"How many at the most, 1 to {MostItems}; {UsualItems} unless said otherwise.");
    public static readonly QueryParameter Cursor = new("cursor", "string", "\"next\" of the page before.");
    public static readonly QueryParameter[] Page = [Limit, Cursor];

    public static QueryParameter Text(string name, string words) => new(name, "string", words);

    public static QueryParameter Flag(string name, string words) => new(name, "boolean", words);
}

/// <summary>One request at the API, after the door.</summary>
internal sealed class Call(HttpContext http)
{
    public HttpContext Http => http;

    public Visit Visit { get; } = http.RequestServices.GetRequiredService<Visit>();

    /// <summary>For whom the token acts, and what it leaves of their rights.</summary>
    public Visitor Visitor => Visit.Visitor!;

    /// <summary>The list that the address names; only where the right to it was checked.</summary>
    public MailingList List => Visit.List;

    /// <summary>Where the API is, with the list that the address names.</summary>
    public string ListPath => ApiRoutes.Base + "/lists/" + Uri.EscapeDataString(List.Address);

    /// <summary>Ends what is done for nobody any more; never where it may be asked for again.</summary>
    public CancellationToken Cancelled { get; set; } = http.RequestAborted;

    /// <summary>How many items were asked for.</summary>
    public int Limit { get; private set; } = QueryParameter.UsualItems;

    /// <summary>Where the page before ended; null for the first page.</summary>
    public string? After { get; private set; }

    /// <summary>The body as it came; empty before it was read.</summary>
    public byte[] Octets { get; set; } = [];

    public string Route(string name) => http.Request.RouteValues[name]!.ToString()!;

    public string? Query(string name) => http.Request.Query[name] is [{ } value] ? value : null;

    /// <summary>True where the flag is set.</summary>
    public bool Flag(string name) => Query(name) == "true";

    /// <summary>Reads the query against what the endpoint takes.</summary>
    /// <returns>What is wrong, or null.</returns>
    public Answer? ReadQuery(IReadOnlyList<QueryParameter> known)
    {
        var errors = http.Request.Query
            .Select(given => known.FirstOrDefault(one => one.Name == given.Key) is { } parameter
                ? Problem(parameter, given.Value) is { } words ? new FieldError(given.Key, words) : null
                : new FieldError(given.Key, known.Count == 0 ? "Nothing is asked for here." : $"There is no such parameter. There are: {string.Join(", ", known.Select(one => one.Name))}."))
            .OfType<FieldError>().ToList();
        return errors.Count > 0 ? Answer.Problem(ApiProblem.Invalid, "The query can't be used; \"errors\" says what.", errors) : null;
    }

    /// <summary>Reads a choice by its name.</summary>
    /// <returns>What is wrong, or null.</returns>
    public Answer? ReadChoice<T>(string name, out T? choice)
        where T : struct, Enum
    {
        choice = null;
        if (Query(name) is not { } text)
        {
            return null;
        }

        if (text.All(char.IsAsciiLetter) && Enum.TryParse<T>(text, ignoreCase: true, out var read))
        {
            choice = read;
            return null;
        }

        var words = $"One of these stands here: {string.Join(", ", Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName))}.";
        return Answer.Problem(ApiProblem.Invalid, "The query can't be used; \"errors\" says what.", new FieldError(name, words));
    }

    /// <summary>Runs a use case in the name of the token's owner.</summary>
    public async Task<Answer> RunAsync<T>(UseCase<T> useCase, Func<T, Answer> answer) => await Visit.Desk.RunAsync(useCase, Cancelled) switch
    {
        Outcome<T>.Done(var done) => answer(done),
        Outcome<T>.Refused refused => Answer.Refused(refused.Kind, refused.Message, refused.Field),
        _ => Answer.Nothing(),
    };

    /// <summary>Changes something that the caller has seen: only if it is still the same (RFC 9110 §13.1.1, RFC 6585 §3).</summary>
    /// <param name="look">Shows it.</param>
    /// <param name="state">What of it the ETag was made of.</param>
    /// <param name="useCase">Changes it.</param>
    /// <param name="answer">What is answered then.</param>
    public async Task<Answer> ChangeAsync<TSeen, TState, T>(Query<TSeen> look, Func<TSeen, TState> state, UseCase<T> useCase, Func<T, Answer> answer)
    {
        var tags = http.Request.Headers.IfMatch.ToString();
        if (tags.Length == 0)
        {
            return Answer.Problem(ApiProblem.NeedsIfMatch, "The request has no If-Match header.");
        }

        var wanted = tags.Split(',', StringSplitOptions.TrimEntries);
        return await Visit.Desk.RunIfAsync(look, seen => wanted.Contains("*") || wanted.Contains(Answer.TagOf(state(seen))), useCase, Cancelled) switch
        {
            Outcome<T>.Done(var done) => answer(done),
            Outcome<T>.Refused refused => Answer.Refused(refused.Kind, refused.Message, refused.Field),
            _ => Answer.Problem(ApiProblem.Changed, "It is not as If-Match says."),
        };
    }

    private string? Problem(QueryParameter parameter, Microsoft.Extensions.Primitives.StringValues values)
    {
        if (values is not [{ } text])
        {
            return "This parameter stands twice.";
        }

        if (parameter == QueryParameter.Limit)
        {
            Limit = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= QueryParameter.MostItems ? limit : 0;
            return Limit == 0 ? $"A page has 1 to {QueryParameter.MostItems} items." : null;
        }

        if (parameter == QueryParameter.Cursor)
        {
            var isRead = Cursor.TryRead(text, out var last);
            After = last;
            return isRead ? null : "This is no \"next\" of a page.";
        }

        return parameter.Type == "boolean" && text is not ("true" or "false") ? "This is true or false." : null;
    }
}
