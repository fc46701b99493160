using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Lists.Consents;
using ListServer.Reception;
using ListServer.Store;
using ListServer.Store.Changes;

namespace ListServer.Reporting;

/// <summary>
/// Counts how mail fared with DMARC, for domains of ours that agreed to report it (AUTH-84), and has the store keep the counts. They are gathered in memory
/// for a minute, so that a flood of mail costs one small record a sort and minute; a crash loses that minute's counts, and no mail.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class ReceivedLedger
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly GatheredCounts<(DateOnly, string, string, string), ReceivedTally> _counts;
    private readonly ListStore _store;
    private readonly TimeProvider _time;

    public ReceivedLedger(ListStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        _counts = new()
        {
            KeyOf = tally => (tally.Day, tally.Receiver, tally.PolicyDomain, tally.Row.Hash()),
            Plus = (before, tally) => before with { Count = before.Count + tally.Count },
            Counted = tallies => new ReceivedCounted(tallies),
            IsWanted = tally => Agrees(tally.Receiver),
        };
    }

    /// <summary>Takes in a message that got its reply.</summary>
    /// <param name="arrival">How it came.</param>
    /// <param name="verified">What was found out.</param>
    /// <param name="judgements">What became of it, one for each recipient.</param>
    public void Add(Arrival arrival, Verified verified, IReadOnlyList<Judgement> judgements)
    {
        // Members' own programs are no senders of their domain's, and an MTA in front that does not tell its client hides the source.
        if (arrival.Role is ReceptionRole.Submission || !verified.IsSourceKnown)
        {
            return;
        }

        // What comes to the address for reports is counted by nobody: two servers would report about each other's reports for ever.
        var taken = judgements.Where(judgement => !judgement.Reply.IsTransient && judgement.Recipient is not ListAddress.Report);
        foreach (var domain in taken.GroupBy(judgement => DomainOf(judgement.Recipient), StringComparer.OrdinalIgnoreCase))
        {
            if (domain.Key.Length > 0 && Agrees(domain.Key) && RowMaker.Make(verified, [.. domain]) is { } row)
            {
                _counts.Add(new ReceivedTally(DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime), domain.Key, verified.Report.Dmarc.RecordDomain!, row, 1));
            }
        }
    }

    /// <summary>Hands the counts over every minute, and at the end.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => _counts.RunAsync(_store, Pause, _time, cancellationToken);

    /// <summary>Hands the counts over, but for those of domains that have withdrawn. Where the disk takes nothing they wait for the next time.</summary>
    public Task FlushAsync() => _counts.FlushAsync(_store);

    private bool Agrees(string domain) => _store.HasDmarcConsent(domain, ConsentPurpose.Reporting);

    private static string DomainOf(ListAddress recipient) => recipient switch
    {
        ListAddress.Post(var list) => list.Domain,
        ListAddress.Owner(var list) => list.Domain,
        ListAddress.Request(var list) => list.Domain,
        ListAddress.Join(var list) => list.Domain,
        ListAddress.Leave(var list) => list.Domain,
        ListAddress.Confirm(var list, _) => list.Domain,
        ListAddress.Bounces(var list, _) => list.Domain,
        ListAddress.Contact(_, var domain) => domain,
        _ => "",
    };
}
