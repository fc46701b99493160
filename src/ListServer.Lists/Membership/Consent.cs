namespace ListServer.Lists.Membership;

/// <summary>A consent to receive a list, as evidence: it outlives the subscription (AUTH-82, AUTH-83).</summary>
/// <param name="List">The list's posting address.</param>
/// <param name="Address">Who consented.</param>
/// <param name="GivenAt">When.</param>
/// <param name="Source">From where and how, in words.</param>
/// <param name="Wording">What was agreed to, in the words that were shown; empty when they are not known.</param>
/// <param name="WithdrawnAt">When it ended; null while it stands.</param>
/// <param name="WithdrawnBy">By whom and how, in words; empty while it stands.</param>
public sealed record Consent(
    string List, string Address, DateTimeOffset GivenAt, string Source, string Wording, DateTimeOffset? WithdrawnAt = null, string WithdrawnBy = "")
{
    /// <summary>That of a member, as it stands.</summary>
    public static Consent Of(Member member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return new Consent(member.List, member.Address, member.JoinedAt, member.Source, member.Wording);
    }
}
