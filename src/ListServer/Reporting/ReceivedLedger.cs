using System.Collections.Immutable;
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
internal sealed class ReceivedLedger(ListStore store, TimeProvider time)
{
    private const int MostOpen = 10_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Dictionary<(DateOnly, string, string, string), ReceivedTally> _open = [];

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
                Add(new ReceivedTally(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), domain.Key, verified.Report.Dmarc.RecordDomain!, row, 1));
            }
        }
    }

    /// <summary>Hands the counts over every minute, and at the end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await FlushAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Hands the counts over, but for those of domains that have withdrawn. Where the disk takes nothing they wait for the next time.</summary>
    public async Task FlushAsync()
    {
        ImmutableArray<ReceivedTally> tallies;
        lock (_gate)
        {
            tallies = [.. _open.Values.Where(tally => Agrees(tally.Receiver))];
            _open = [];
        }

        try
        {
            await (tallies.IsEmpty ? Task.CompletedTask : store.CommitAsync(new ReceivedCounted(tallies), CancellationToken.None)).ConfigureAwait(false);
        }
        catch (IOException)
        {
            Array.ForEach([.. tallies], Add);
        }
    }

    private bool Agrees(string domain) => store.HasDmarcConsent(domain, ConsentPurpose.Reporting);

    private void Add(ReceivedTally tally)
    {
        var key = (tally.Day, tally.Receiver, tally.PolicyDomain, tally.Row.Hash());
        lock (_gate)
        {
            if (_open.TryGetValue(key, out var before))
            {
                _open[key] = before with { Count = before.Count + tally.Count };
            }
            else if (_open.Count < MostOpen)
            {
                _open.Add(key, tally);
            }
        }
    }

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
