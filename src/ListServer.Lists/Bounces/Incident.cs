using System.Security.Cryptography;
using System.Text;

namespace ListServer.Lists.Bounces;

/// <summary>
/// A provider refuses what a list sends, for reasons that are no member's fault (AUTH-59). All refusals for one cause at one destination are
/// one incident; those for want of authentication are one for each author's domain, as the remedy is.
/// </summary>
/// <param name="List">The posting address.</param>
/// <param name="Destination">The recipients' domain, in lower case.</param>
/// <param name="Cause">Why.</param>
/// <param name="AuthorDomain">The domain in From of the post last refused; empty where it is not known.</param>
/// <param name="FirstAt">When it began.</param>
/// <param name="LastAt">When a copy was last refused.</param>
/// <param name="Count">Copies refused since it began.</param>
/// <param name="Words">The receiver's words, the last ones.</param>
/// <param name="ToldAt">When the owners were told, or null.</param>
/// <param name="ClosedAt">When it ended, or null.</param>
/// <param name="ClosedBy">Who or what ended it; empty while it is open.</param>
public sealed record Incident(
    string List,
    string Destination,
    IncidentCause Cause,
    string AuthorDomain,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    long Count,
    string Words,
    DateTimeOffset? ToldAt = null,
    DateTimeOffset? ClosedAt = null,
    string ClosedBy = "")
{
    private const int LongestWords = 500;
    private const int IdOctets = 6;

    // What begins anew within a day is told no second time.
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    /// <summary>How it is named in commands: the same for the same list, destination and cause.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{List}\n{Destination}\n{Cause}\n{(Cause is IncidentCause.Authentication ? AuthorDomain : "")}".ToLowerInvariant())).AsSpan(0, IdOctets));

    /// <summary>True until it is closed.</summary>
    public bool IsOpen => ClosedAt is null;

    /// <summary>The incident after these refusals, the first or further ones.</summary>
    /// <param name="before">The incident so far, open or closed, or null.</param>
    /// <param name="refusals">What happened, written as an incident that begins with it.</param>
    public static Incident After(Incident? before, Incident refusals)
    {
        var words = refusals.Words.Length > LongestWords ? refusals.Words[..LongestWords] : refusals.Words;
        return before switch
        {
            { IsOpen: true } => before with
            {
                AuthorDomain = refusals.AuthorDomain.Length > 0 ? refusals.AuthorDomain : before.AuthorDomain,
                LastAt = refusals.LastAt > before.LastAt ? refusals.LastAt : before.LastAt,
                Count = before.Count + refusals.Count,
                Words = words,
            },
            { ToldAt: { } told } when refusals.FirstAt < told + Remembered => refusals with { Words = words, ToldAt = told },
            _ => refusals with { Words = words },
        };
    }
}
