using System.Net;
using System.Security.Cryptography;
using ListServer.Lists.Membership;

namespace ListServer.Web.SignIn;

/// <summary>What devices were asked and have not answered yet. Each question takes one answer, within five minutes; a restart forgets all of them.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class PasskeyChallenges(TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    public const int MostOfNetwork = 100;
    private const int Most = 20_000;
    private const int TokenOctets = 16;

    private readonly Lock _turn = new();
    private readonly Dictionary<string, Question> _open = [];
    private readonly Queue<Question> _order = new();
    private readonly RecentTimes _asked = new(Lifetime);

    /// <summary>Keeps a question.</summary>
    /// <param name="purpose">What the answer will be for: another use finds nothing.</param>
    /// <param name="state">What the answer is checked against.</param>
    /// <param name="client">The IP address that it comes from.</param>
    /// <returns>What names it; null when the client's network asked too much.</returns>
    public string? Keep(string purpose, string state, string client)
    {
        var now = time.GetUtcNow();
        var from = IPAddress.TryParse(client, out var parsed) ? parsed : null;
        var network = from is null ? client : ClientNetwork.Of(from);
        lock (_turn)
        {
            // A proxy on this machine that is not trusted stands for everybody.
            if (_asked.Count(network, now) >= MostOfNetwork && !(from is not null && IPAddress.IsLoopback(from)))
            {
                return null;
            }

            _asked.Add(network, now);
            while (_order.TryPeek(out var oldest) && (oldest.ExpiresAt <= now || _order.Count >= Most))
            {
                _open.Remove(_order.Dequeue().Token);
            }

            var question = new Question(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenOctets)), purpose, state, now + Lifetime);
            _open.Add(question.Token, question);
            _order.Enqueue(question);
            return question.Token;
        }
    }

    /// <summary>What the answer is checked against, once; null for a question that was answered, is too old, or was asked for something else.</summary>
    public string? Take(string token, string purpose)
    {
        lock (_turn)
        {
            return _open.Remove(token, out var question) && question.Purpose == purpose && question.ExpiresAt > time.GetUtcNow() ? question.State : null;
        }
    }

    private sealed record Question(string Token, string Purpose, string State, DateTimeOffset ExpiresAt);
}
