using ListServer.Lists.Bounces;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>
/// What replies in the session mean beyond the copy: a refusal for the member's own sake counts against the member as a returned report does;
/// one for policy is an incident of the list's (AUTH-59), which ends with the next copy that is taken there. A probe tells whether a member is
/// within reach again.
/// </summary>
/// <remarks>For one courier.</remarks>
internal sealed class Consequences(ListStore store)
{
    private readonly List<BounceCounted> _bounces = [];
    private readonly List<ProbeEnded> _probes = [];
    private readonly Dictionary<(string List, string Id), Incident> _incidents = [];
    private readonly HashSet<QueueGroup> _delivered = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds an outcome for one recipient.</summary>
    public void Add(Addressee addressee, Outcome outcome, RecipientState state, DateTimeOffset now)
    {
        if (!addressee.Attempt.IsOfPost)
        {
            AddProbe(addressee, outcome, state);
        }
        else if (state == RecipientState.Delivered)
        {
            _delivered.Add(addressee.Attempt.Group);
        }
        else if (state is RecipientState.Refused or RecipientState.Expired && outcome.Cause == OutcomeCause.Reply)
        {
            AddRefusal(addressee, outcome, state, now);
        }
    }

    /// <summary>The changes so far; then there are none.</summary>
    public List<Change> Take(DateTimeOffset now)
    {
        List<Change> changes = [.. _bounces, .. _probes, .. _incidents.Values.Select(incident => new IncidentCounted(incident)), .. _delivered.SelectMany(group => Ended(group, now))];
        _bounces.Clear();
        _probes.Clear();
        _incidents.Clear();
        _delivered.Clear();
        return changes;
    }

    private void AddRefusal(Addressee addressee, Outcome outcome, RecipientState state, DateTimeOffset now)
    {
        var (group, reply) = (addressee.Attempt.Group, outcome.Reply);
        var refusal = Refusal.Classify(reply.Code, reply.EnhancedCode, reply.Text);
        if (refusal is RefusalClass.Policy)
        {
            var incident = new Incident(
                group.List, group.Destination, IncidentCauses.Of(reply.EnhancedCode, reply.Text), AuthorDomain(group), now, now, 1, outcome.ToString());
            var key = (incident.List, incident.Id);
            _incidents[key] = Incident.After(_incidents.GetValueOrDefault(key), incident);
        }
        else if (state == RecipientState.Refused && outcome.Phase is SessionPhase.Recipient or SessionPhase.Final && BounceScore.WeightOf(refusal) > 0)
        {
            // What is said before RCPT is about us or the connection, and not about a mailbox.
            _bounces.Add(new BounceCounted(group.List, addressee.Recipient.Address, refusal, now, outcome.ToString()));
        }
    }

    // Of all that is no post, only probes have a reverse-path with a token. The store knows which probe is a member's last.
    private void AddProbe(Addressee addressee, Outcome outcome, RecipientState state)
    {
        var (group, reply) = (addressee.Attempt.Group, outcome.Reply);
        if (state == RecipientState.Waiting || !group.ReversePath.Contains('+', StringComparison.Ordinal))
        {
            return;
        }

        var result = state switch
        {
            RecipientState.Delivered => ProbeResult.Delivered,
            RecipientState.Refused when BounceScore.WeightOf(Refusal.Classify(reply.Code, reply.EnhancedCode, reply.Text)) > 0 => ProbeResult.Failed,
            _ => ProbeResult.Undecided,
        };
        _probes.Add(new ProbeEnded(group.List, addressee.Recipient.Address, group.CopyId, result, outcome.ToString()));
    }

    // A copy of the very post that was refused to others proves nothing: it must have been queued since.
    private IEnumerable<Change> Ended(QueueGroup group, DateTimeOffset now)
    {
        var ended = store.OpenIncidents.At(group.List, group.Destination)
            .Where(incident => incident.LastAt < group.CreatedAt && (incident.Cause is not IncidentCause.Authentication || incident.AuthorDomain == AuthorDomain(group)))
            .Select(incident => incident.Id);
        return ended.ToList() is { Count: > 0 } ids ? [new IncidentsClosed(group.List, [.. ids], now, "copies are taken again")] : [];
    }

    private string AuthorDomain(QueueGroup group) => store.FindPost(group.PostId)?.Report.Author.Domain ?? "";
}
