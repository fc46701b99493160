using System.Collections.Immutable;
using ListServer.Metrics;
using ListServer.Outbound.Tls;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging;

namespace ListServer.Outbound;

/// <summary>What couriers share.</summary>
internal sealed record CourierKit(
    ListStore Store, Departures Departures, MailRoutes Routes, SmtpConnector Connector, ConnectionPool Pool, OutboundOptions Options, TimeProvider Time, ILogger Logger, Instruments Instruments, TlsLedger Tls, HostSeats Seats);

/// <summary>
/// One round to one lane: opens a connection or takes one that is open, hands over what it was given, transaction by transaction,
/// and has every outcome on disk before the next transaction's final dot: a crash repeats one transaction at the most.
/// </summary>
internal sealed partial class Courier(CourierKit kit, Lane lane, IReadOnlyList<GroupAttempt> attempts, Func<GroupLease?> takeSibling, CancellationToken stop)
{
    private const int SiblingsInOneCommit = 200;
    private const int LinesInOneCommit = 50;
    private static readonly TimeSpan CommitPause = TimeSpan.FromSeconds(5);
    private static readonly Outcome HeldBack =
        Outcome.Local(451, "4.3.2", "the announcement is paused or stopped", SessionPhase.Route, OutcomeCause.HeldBack);
    private static readonly Outcome Departed =
        Outcome.Local(550, "5.7.0", "left the list before this was sent", SessionPhase.Route, OutcomeCause.Departed);

    private readonly LinkedList<Shipment> _pending = [];
    private readonly DeliveryTrace _trace = new();
    private readonly Consequences _consequences = new(kit.Store);
    private readonly Dialer _dialer = new(kit, lane, stop);
    private SmtpClientConnection? _connection;
    private int _departures;

    /// <summary>Runs the round.</summary>
    public async Task RunAsync()
    {
        await SetAsideUnreadableAsync().ConfigureAwait(false);
        _departures = kit.Departures.Noticed;
        await WithdrawDepartedAsync().ConfigureAwait(false);
        if (attempts.All(a => a.Waiting.IsEmpty))
        {
            return;
        }

        try
        {
            _connection = await kit.Pool.RentAsync(lane.Name).ConfigureAwait(false);
            if (await ConnectAsync().ConfigureAwait(false) is { } failure)
            {
                // It is due again in a minute, as if nobody had taken it.
                if (failure.Cause == OutcomeCause.Crowded)
                {
                    return;
                }

                // One connection more was one too many: what it should have carried is left as it is, soon due again for the others.
                if (lane.Active == 1 || !Pace.IsOfConnections(failure))
                {
                    await GiveUpAsync(Unsent(), failure).ConfigureAwait(false);
                    await DeferSiblingsAsync(failure).ConfigureAwait(false);
                }

                return;
            }

            foreach (var shipment in Shipment.Load(Readable(), Math.Min(kit.Options.RecipientsPerTransaction, _connection!.Capabilities.RecipientLimit ?? int.MaxValue)))
            {
                _pending.AddLast(shipment);
            }

            await ShipAsync().ConfigureAwait(false);
        }
        finally
        {
            var isKept = _connection is { IsAlive: true } && lane.MayKeepOpen && !stop.IsCancellationRequested && !kit.Seats.IsWanted(_connection.Hop.EndPoint);
            var kept = isKept ? _connection : null;
            if (kept is null && _connection is not null)
            {
                await _connection.QuitAsync().ConfigureAwait(false);
            }

            kit.Pool.Return(lane.Name, kept);
            if (_trace.Count > 0)
            {
                await CommitAsync([.. _trace.Take()]).ConfigureAwait(false);
            }
        }
    }

    private async Task ShipAsync()
    {
        var current = await TakeReadyAsync().ConfigureAwait(false);
        while (current is not null)
        {
            var wasUsed = _connection!.Completed > 0;
            var next = await TakeReadyAsync().ConfigureAwait(false);
            var results = await _connection.SendAsync(current.Transaction!, next?.Transaction, stop).ConfigureAwait(false);
            var isStale = wasUsed && results.Any(r => IsStale(r.Outcome));
            if (!isStale)
            {
                lane.Report(results.Select(r => r.Outcome));
                await EnterAsync(current, results).ConfigureAwait(false);
                current = null;
            }

            if (lane.Block is { } block)
            {
                await GiveUpAsync(Rest(current, next), block).ConfigureAwait(false);
                await DeferSiblingsAsync(block).ConfigureAwait(false);
                return;
            }

            if (!_connection.IsUsable && await ReplaceAsync(isStale).ConfigureAwait(false) is { } failure)
            {
                await GiveUpAsync(Rest(current, next), failure).ConfigureAwait(false);
                return;
            }

            if (current is not null && next is not null)
            {
                _pending.AddFirst(next);
                next = null;
            }

            current ??= next ?? await TakeReadyAsync().ConfigureAwait(false);
        }
    }

    /// <summary>True when the server closed a connection that had been in use: that says nothing of what we just wanted.</summary>
    private static bool IsStale(Outcome outcome) =>
        outcome is { Phase: SessionPhase.Mail, Cause: OutcomeCause.Connection } or { Phase: SessionPhase.Mail, Reply.Code: 421 } && !Pace.IsBlock(outcome);

    /// <summary>A new connection for a broken one. Null when there is one; else what becomes of all that is left.</summary>
    private async Task<Outcome?> ReplaceAsync(bool isStale)
    {
        var broken = _connection!;
        if (broken.Completed == 0 && !isStale && !stop.IsCancellationRequested)
        {
            // A connection on which nothing came to an end: the next one would fare no better.
            return Outcome.Local(451, "4.4.2", "the session ended before any copy was taken", SessionPhase.Connect, OutcomeCause.Connection, broken.Host);
        }

        await broken.DisposeAsync().ConfigureAwait(false);
        _connection = null;
        return await ConnectAsync().ConfigureAwait(false);
    }

    /// <summary>Opens a connection unless there is one. Null when there is; else what becomes of all that is left.</summary>
    private async Task<Outcome?> ConnectAsync()
    {
        if (_connection is not null)
        {
            return null;
        }

        var opened = await _dialer.OpenAsync(attempts[0].Group.Destination).ConfigureAwait(false);
        _connection = opened.Connection;
        return opened.Failure;
    }

    private IReadOnlyList<GroupAttempt> Readable() => [.. attempts.Where(a => a.Copies is not null)];

    private IEnumerable<Addressee> Unsent() => Readable().SelectMany(a => a.Waiting.Select(i => new Addressee(a, i)));

    private IEnumerable<Addressee> Rest(params Shipment?[] taken) => taken.OfType<Shipment>().Concat(_pending).SelectMany(s => s.Addressees);

    private Task SetAsideUnreadableAsync() => GiveUpAsync(
        attempts.Where(a => a.Copies is null).SelectMany(a => a.Waiting.Select(i => new Addressee(a, i))),
        NoCopy("the copy can't be read"));

    /// <summary>AUTH-81: who has left the list meanwhile gets nothing more of it.</summary>
    private Task WithdrawDepartedAsync() => GiveUpAsync(
        [.. attempts.Where(a => a.IsOfPost).SelectMany(a => a.Withdraw(r => kit.Departures.Has(a.Group, r.Address)).Select(i => new Addressee(a, i)))],
        Departed);

    /// <summary>As above for one shipment, as a round is long: who left since it began. Null when nobody is left.</summary>
    private async ValueTask<Shipment?> WithoutDepartedAsync(Shipment shipment)
    {
        if (kit.Departures.Noticed == _departures)
        {
            return shipment;
        }

        var gone = shipment.Addressees.Where(a => a.Attempt.IsOfPost && kit.Departures.Has(a.Attempt.Group, a.Recipient.Address)).ToList();
        if (gone.Count == 0)
        {
            return shipment;
        }

        await GiveUpAsync(gone, Departed).ConfigureAwait(false);
        ImmutableArray<Addressee> left = [.. shipment.Addressees.Except(gone)];
        return left.IsEmpty ? null : new Shipment(left);
    }

    /// <summary>The next shipment whose copy is at hand.</summary>
    private async ValueTask<Shipment?> TakeReadyAsync()
    {
        while (_pending.First is { Value: var next })
        {
            _pending.RemoveFirst();
            if (kit.Store.Queue.IsHeldBack(next.Addressees[0].Attempt.Group))
            {
                await GiveUpAsync(next.Addressees, HeldBack).ConfigureAwait(false);
                continue;
            }

            if (await WithoutDepartedAsync(next).ConfigureAwait(false) is not { } shipment)
            {
                continue;
            }

            if (shipment.Transaction is not null)
            {
                return shipment;
            }

            await GiveUpAsync(shipment.Addressees, NoCopy("the recipient's own copy can't be made now")).ConfigureAwait(false);
        }

        return null;
    }

    private async Task EnterAsync(Shipment shipment, ImmutableArray<RecipientResult> results)
    {
        if (results.Any(r => r.Outcome.Cause == OutcomeCause.EightBitNotOffered))
        {
            await TurnSevenBitAsync(shipment, results[0].Outcome).ConfigureAwait(false);
            return;
        }

        // Those for whom there was no room are sent for at once, as long as each time somebody is served (RFC 5321 §4.5.3.1.10).
        var isAnyServed = results.Any(r => r.Outcome.Kind == OutcomeKind.Delivered);
        var pairs = shipment.Addressees.Zip(results, (addressee, result) => (Addressee: addressee, result.Outcome)).ToList();
        ImmutableArray<Addressee> left = [.. pairs.Where(p => isAnyServed && p.Outcome.IsTooManyRecipients).Select(p => p.Addressee)];
        if (!left.IsEmpty)
        {
            _pending.AddFirst(new Shipment(left));
        }

        await RecordAsync(pairs.Where(p => !isAnyServed || !p.Outcome.IsTooManyRecipients)).ConfigureAwait(false);
    }

    /// <summary>AUTH-37: what was not sent for its 8-bit octets is sent in ASCII.</summary>
    private async Task TurnSevenBitAsync(Shipment shipment, Outcome refusal)
    {
        foreach (var attempt in shipment.Addressees.Select(a => a.Attempt).Distinct().Where(a => a.Copies!.Shared.IsEightBit))
        {
            if (await TurnSevenBitAsync(attempt, refusal).ConfigureAwait(false) is { } failure)
            {
                await GiveUpAsync(shipment.Addressees, failure).ConfigureAwait(false);
                return;
            }
        }

        _pending.AddFirst(new Shipment(shipment.Addressees));
    }

    private async Task<Outcome?> TurnSevenBitAsync(GroupAttempt attempt, Outcome refusal)
    {
        try
        {
            return await attempt.Copies!.TurnSevenBitAsync(stop).ConfigureAwait(false) switch
            {
                { Octets: not null } => null,
                { IsLasting: false } made => NoCopy(made.Problem),
                var made => refusal.Because(made.Problem),
            };
        }
        catch (IOException unreadable)
        {
            return NoCopy(unreadable.Message);
        }
        catch (OperationCanceledException)
        {
            return Dialer.Stopped();
        }
    }

    private Task GiveUpAsync(IEnumerable<Addressee> addressees, Outcome outcome) => RecordAsync(addressees.Select(a => (a, outcome)));

    private async Task RecordAsync(IEnumerable<(Addressee Addressee, Outcome Outcome)> outcomes)
    {
        var now = kit.Time.GetUtcNow();
        HashSet<GroupAttempt> touched = [];
        foreach (var (addressee, outcome) in outcomes)
        {
            touched.Add(addressee.Attempt);
            if (addressee.Attempt.Enter(addressee.Index, outcome, now) is not { } state)
            {
                continue;
            }

            kit.Instruments.Delivery(state, now - addressee.Attempt.Group.CreatedAt);
            _consequences.Add(addressee, outcome, state, now);
            if (addressee.Attempt.IsOfPost)
            {
                _trace.Add(addressee, outcome, state, now, _connection?.TlsDescription);
            }
        }

        // Progress is recorded at once, its story with it or a little later: a line by itself is dear where each copy has one.
        var isTold = _trace.Count >= LinesInOneCommit || attempts.All(a => a.IsOver);
        Change[] changes = [.. touched.Select(a => a.TakeProgress(now)).OfType<Change>(), .. _consequences.Take(now), .. isTold ? _trace.Take() : []];
        if (changes.Length > 0)
        {
            await CommitAsync(changes).ConfigureAwait(false);
        }
    }

    /// <summary>What else is due on a lane that can't be reached waits too, without a try of its own.</summary>
    private async Task DeferSiblingsAsync(Outcome failure)
    {
        if (failure.Kind == OutcomeKind.Refused || failure.Cause == OutcomeCause.Stopped)
        {
            return;
        }

        List<GroupAttempt> siblings = [];
        while (takeSibling() is { } lease)
        {
            siblings.Add(new GroupAttempt(lease, null, kit.Options));
            if (siblings.Count == SiblingsInOneCommit)
            {
                await DeferAsync(siblings, failure).ConfigureAwait(false);
                siblings.Clear();
            }
        }

        await DeferAsync(siblings, failure).ConfigureAwait(false);
    }

    private async Task DeferAsync(List<GroupAttempt> siblings, Outcome failure)
    {
        try
        {
            await GiveUpAsync(siblings.SelectMany(a => a.Waiting.Select(i => new Addressee(a, i))), failure).ConfigureAwait(false);
        }
        finally
        {
            siblings.ForEach(a => a.Dispose());
        }
    }

    /// <summary>An outcome that can't be written down would be found out again, by sending again: so this waits for the disk.</summary>
    private async Task CommitAsync(Change[] changes)
    {
        while (true)
        {
            try
            {
                await kit.Store.CommitAsync(changes, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (IOException e) when (!stop.IsCancellationRequested && !kit.Store.Failed.IsCancellationRequested)
            {
                LogNotRecorded(kit.Logger, e);
                await Task.Delay(CommitPause, kit.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static Outcome NoCopy(string text) => Outcome.Local(451, "4.3.0", text, SessionPhase.Content, OutcomeCause.NoCopy);

    [LoggerMessage(Level = LogLevel.Error, Message = "Outcomes of deliveries can't be recorded; waiting for the disk")]
    private static partial void LogNotRecorded(ILogger logger, Exception failure);
}
