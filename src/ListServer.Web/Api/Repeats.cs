using System.Security.Cryptography;
using System.Text;
using ListServer.Admin;
using ListServer.Admin.Repeats;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Api;

/// <summary>Idempotency-Key: a program that did not hear the answer asks again, and nothing is done twice.</summary>
internal static class Repeats
{
    public const string Header = "Idempotency-Key";

    private const int MostKey = 255;

    public static async Task<Answer> RunAsync(Call call, Func<Call, Task<Answer>> handler)
    {
        if (call.Http.Request.Headers[Header] is not { Count: > 0 } keys)
        {
            return await handler(call);
        }

        if (keys is not [{ Length: > 0 and <= MostKey } key] || !key.All(c => c is > ' ' and <= '~'))
        {
            return Answer.Problem(ApiProblem.Invalid, "The Idempotency-Key can't be used.", new FieldError(Header, $"One key of 1 to {MostKey} printable ASCII characters, without blanks."));
        }

        // The program may be gone by now, and comes back for the answer.
        call.Cancelled = CancellationToken.None;
        if (await call.Visit.Desk.RunAsync(new BeginRepeat(call.Visitor.Grant!.Id, key, Fingerprint(call)), call.Cancelled) is not Outcome<RepeatStanding>.Done(var standing))
        {
            return Answer.Problem(ApiProblem.TryLater, "");
        }

        return standing.State switch
        {
            RepeatState.Answered => Given(standing.Answer!),
            RepeatState.OtherThing => Answer.Problem(ApiProblem.KeyReused, "Another request came with this Idempotency-Key within the last day."),
            RepeatState.UnderWay => Answer.Problem(ApiProblem.InProgress, "The first request with this Idempotency-Key is not answered yet."),
            RepeatState.Unknown => Answer.Problem(ApiProblem.OutcomeUnknown, "The first request with this Idempotency-Key was not answered, as the server ended or broke."),
            _ => await DoAsync(call, handler, standing.Name),
        };
    }

    private static async Task<Answer> DoAsync(Call call, Func<Call, Task<Answer>> handler, string name)
    {
        Answer? answer = null;
        try
        {
            answer = await handler(call);
        }
        finally
        {
            if (answer is null)
            {
                await call.Visit.Desk.RunAsync(new AbandonRepeat(name), CancellationToken.None);
            }
        }

        var isDone = answer.Status < StatusCodes.Status500InternalServerError;
        await call.Visit.Desk.RunAsync(
            new EndRepeat(name, isDone ? new GivenAnswer(answer.Status, answer.MediaType, answer.Body, answer.Location, answer.ETag) : null), CancellationToken.None);
        return answer;
    }

    private static Answer Given(GivenAnswer kept) => new(kept.Status, kept.MediaType, kept.Body) { Location = kept.Location, ETag = kept.ETag };

    private static string Fingerprint(Call call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{call.Http.Request.Method} {call.Http.Request.Path}{call.Http.Request.QueryString}\n{call.Http.Request.ContentType}\n"));
        hash.AppendData(call.Octets);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
