using System.Collections.Immutable;
using ListServer.MailAuth;

namespace ListServer.Lists;

/// <summary>A message with what was found out about it.</summary>
/// <param name="Envelope">How it came.</param>
/// <param name="Report">SPF, DKIM, ARC and DMARC on the raw octets.</param>
/// <param name="AuthenticationResults">The value of our Authentication-Results field.</param>
/// <param name="Trace">Reception and verification, as the trace tells them.</param>
public sealed record Verified(Envelope Envelope, AuthenticationReport Report, string AuthenticationResults, ImmutableArray<TraceEvent> Trace)
{
    /// <summary>False where an MTA in front did not tell which client the message came from: then the envelope has the MTA's address.</summary>
    public bool IsSourceKnown { get; init; } = true;

    /// <summary>The post that it is for one list, before anything is decided.</summary>
    /// <param name="list">The posting address.</param>
    /// <param name="id">The post's ID.</param>
    /// <param name="message">The octets that were verified.</param>
    /// <param name="at">When it came.</param>
    public Post ToPost(string list, string id, RawMessage message, DateTimeOffset at)
    {
        var content = PostContent.Read(message);
        return new Post
        {
            Id = id,
            List = list,
            ReceivedAt = at,
            Envelope = Envelope,
            Report = Report,
            AuthenticationResults = AuthenticationResults,
            Subject = content.Subject,
            MessageId = content.MessageId,
            Size = message.Octets.Length,
            State = PostState.Accepted,
        };
    }
}
