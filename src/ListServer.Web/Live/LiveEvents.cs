using System.Runtime.CompilerServices;
using ListServer.Admin;
using Microsoft.AspNetCore.Http;

namespace ListServer.Web.Live;

/// <summary>Server-sent events: how something stands, told again whenever it changed, a few times a second at the most.</summary>
/// <param name="time">Paces them.</param>
internal sealed class LiveEvents(TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);

    /// <summary>Tells it until it is over, until it may not be seen any more, or until nobody listens.</summary>
    public IResult Follow<T>(LocalDesk desk, Topic topics, Func<Task<Outcome<T>>> look, Predicate<T> isOver, CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(TellAsync(desk, topics, look, isOver, cancellationToken));

    private async IAsyncEnumerable<T> TellAsync<T>(
        LocalDesk desk, Topic topics, Func<Task<Outcome<T>>> look, Predicate<T> isOver, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var _ in desk.NewsAsync(topics, cancellationToken))
        {
            if (await look() is not Outcome<T>.Done(var state))
            {
                yield break;
            }

            yield return state;
            if (isOver(state))
            {
                yield break;
            }

            await Task.Delay(Pace, time, cancellationToken);
        }
    }
}
