using ListServer.Admin;
using ListServer.Web.Pages;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ListServer.Web.Visits;

/// <summary>Turns outcomes of use cases into pages.</summary>
internal static class Answers
{
    /// <summary>The answer of a query as a page, or why there is none.</summary>
    public static async Task<IResult> ShowAsync<T>(this Visit visit, UseCase<T> useCase, Func<T, IResult> page) =>
        await visit.Desk.RunAsync(useCase, visit.Http.RequestAborted) switch
        {
            Outcome<T>.Done(var answer) => page(answer),
            Outcome<T>.Refused refused => visit.Refuse(refused.Kind, refused.Message),
            _ => Results.Empty,
        };

    /// <summary>The answer of a use case as a page that asks for more, or why there is none.</summary>
    public static async Task<IResult> ShowAsync<T>(this Visit visit, UseCase<T> useCase, Func<T, Task<IResult>> page) =>
        await visit.Desk.RunAsync(useCase, visit.Http.RequestAborted) switch
        {
            Outcome<T>.Done(var answer) => await page(answer),
            Outcome<T>.Refused refused => visit.Refuse(refused.Kind, refused.Message),
            _ => Results.Empty,
        };

    /// <summary>Why something was not done, as a page of its own.</summary>
    public static IResult Refuse(this Visit visit, Refusal kind, string message) => kind switch
    {
        Refusal.NotFound => ProblemPage.Of(StatusCodes.Status404NotFound, visit.Words.Say("There is nothing here"), message),
        Refusal.Conflict => ProblemPage.Of(StatusCodes.Status409Conflict, visit.Words.Say("It is not as it was"), message),
        Refusal.NotAllowed => ProblemPage.Of(StatusCodes.Status403Forbidden, visit.Words.Say("You may not do this"), message),
        Refusal.TryLater => ProblemPage.Of(StatusCodes.Status503ServiceUnavailable, visit.Words.Say("Not now"), message),
        _ => ProblemPage.Of(StatusCodes.Status400BadRequest, visit.Words.Say("This was not understood"), message),
    };

    /// <summary>A page with its parameters.</summary>
    public static IResult Page<TPage>(object? parameters = null, int status = StatusCodes.Status200OK)
        where TPage : IComponent => new RazorComponentResult<TPage>(parameters ?? new { }) { StatusCode = status };
}
