using System.Net;
using ListServer.Admin.Queue;
using ListServer.Hosting;
using ListServer.MailAuth.Dns;
using ListServer.Metrics;
using ListServer.Outbound.Tls;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;
using Microsoft.Extensions.Logging;

namespace ListServer.Outbound;

/// <summary>
/// Sends couriers out with what is due, the longest due first. Each destination has its own pace and its share of all couriers, so that a slow
/// one holds up nobody else. Wakes when something is queued, when a courier comes back or a destination takes more, and when a retry is due.
/// </summary>
public sealed partial class DeliveryLoop
{
    private readonly CourierKit _kit;
    private readonly CopySource _copies;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Lane> _lanes = [];
    private readonly HashSet<Task> _rounds = [];
    private int _busyLanes;
    private readonly WakeUp _wake;

    /// <summary>A loop over the store's queue.</summary>
    /// <param name="store">Its queue, and where outcomes are written.</param>
    /// <param name="copies">The octets.</param>
    /// <param name="resolver">Answers for MX and address records.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="time">For retries, expiry and deadlines.</param>
    /// <param name="logs">For what an operator should see.</param>
    /// <param name="isOurs">True for an address at which we take mail ourselves; null as <see cref="MailRoutes"/> says.</param>
    /// <param name="instruments">To count outcomes with; null when nobody wants to know.</param>
    /// <param name="findSts">Tells the MTA-STS policy of a domain; null when nobody knows one.</param>
    public DeliveryLoop(
        ListStore store, CopySource copies, IDnsResolver resolver, OutboundOptions options, TimeProvider time, ILoggerFactory logs, Func<IPAddress, bool>? isOurs = null, Instruments? instruments = null, Func<string, CancellationToken, Task<StsFinding>>? findSts = null)
    {
        _copies = copies;
        _wake = new WakeUp(time);
        _kit = new CourierKit(
            store,
            new Departures(store, time.GetUtcNow()),
            new MailRoutes(options, resolver, isOurs, findSts),
            new SmtpConnector(options, time),
            new ConnectionPool(options, time),
            options,
            time,
            logs.CreateLogger<DeliveryLoop>(),
            instruments ?? new Instruments(),
            new TlsLedger(store, time),
            new HostSeats(options.ConcurrencyPerHost, time));
    }

    /// <summary>
    /// Runs until it is cancelled. Then what is on its way is finished or, before its final dot, given up, which takes seconds; returns when
    /// every outcome is on disk.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _kit.Store.Committed += Notice;
        _kit.Store.Committed += _kit.Departures.Notice;
        var counting = _kit.Tls.RunAsync(cancellationToken);
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                Dispatch(cancellationToken);
                await WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _kit.Store.Committed -= Notice;
            _kit.Store.Committed -= _kit.Departures.Notice;
            await Task.WhenAll(Rounds()).ConfigureAwait(false);
            await counting.ConfigureAwait(false);
            await _kit.Tls.FlushAsync().ConfigureAwait(false);
            await _kit.Pool.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>How fast copies go to a domain; null when nothing is known of it.</summary>
    public DestinationPace? PaceOf(string destination) =>
        Find(destination) is { } lane && lane.Pace is var pace
            ? new DestinationPace(lane.Active, pace.Allowed, pace.IsOpen(_kit.Time.GetUtcNow()) ? null : pace.NotBefore, pace.SlowedBy?.ToString() ?? "")
            : null;

    private DeliveryQueue Queue => _kit.Store.Queue;

    private void Notice(IReadOnlyList<Change> changes)
    {
        foreach (var hastened in changes.OfType<GroupsHastened>())
        {
            Find(hastened.Destination)?.EndPause();
        }

        if (changes.Any(c => c is PostQueued or MailQueued or GroupProgress or GroupsHastened or AnnouncementResumed))
        {
            _wake.Call();
        }
    }

    private Task[] Rounds()
    {
        lock (_gate)
        {
            return [.. _rounds];
        }
    }

    /// <summary>Sends out couriers as long as there is something due, and somebody to send.</summary>
    private void Dispatch(CancellationToken stop)
    {
        while (MayDispatch && Queue.TakeDue(1, MayTake) is [var first])
        {
            Lane lane;
            lock (_gate)
            {
                lane = LaneOf(first.Group.Destination);
                lane.Enter();
                _busyLanes += lane.Active == 1 ? 1 : 0;
                var round = new TaskCompletionSource();
                _rounds.Add(round.Task);
                _ = Task.Run(() => RunRoundAsync(lane, first, round, stop), CancellationToken.None);
            }
        }
    }

    private bool MayDispatch
    {
        get
        {
            lock (_gate)
            {
                return _rounds.Count < _kit.Options.Concurrency;
            }
        }
    }

    private bool MayTake(string destination)
    {
        lock (_gate)
        {
            var share = new FairShare(_kit.Options.Concurrency, _rounds.Count, _busyLanes);
            return _lanes.TryGetValue(_kit.Routes.LaneOf(destination), out var lane)
                ? lane.HasRoom && share.Admits(lane.Active, isProven: lane.Pace.Allowed > 1)
                : share.Admits(active: 0, isProven: false);
        }
    }

    private Lane? Find(string destination)
    {
        lock (_gate)
        {
            return _lanes.GetValueOrDefault(_kit.Routes.LaneOf(destination));
        }
    }

    private Lane LaneOf(string destination)
    {
        var name = _kit.Routes.LaneOf(destination);
        if (!_lanes.TryGetValue(name, out var lane))
        {
            _lanes.Add(name, lane = new Lane(name, _kit.Options, _kit.Time, () => _wake.Call()));
        }

        return lane;
    }

    private async Task RunRoundAsync(Lane lane, GroupLease first, TaskCompletionSource round, CancellationToken stop)
    {
        List<GroupAttempt> attempts = [];
        try
        {
            attempts.Add(Attempt(first));
            Fill(lane, attempts);
            await new Courier(_kit, lane, attempts, () => TakeNext(lane), stop).RunAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The outermost loop of a courier: a fault in one round must not end all delivery. Its groups are due again in a minute.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogRound(_kit.Logger, lane.Name, e);
        }

        attempts.ForEach(a => a.Dispose());
        if (attempts.Count == 0)
        {
            first.Dispose();
        }

        lock (_gate)
        {
            Leave(lane);
            _rounds.Remove(round.Task);
        }

        round.SetResult();
        _wake.Call();
    }

    private void Leave(Lane lane)
    {
        lane.Leave();
        if (lane.Active == 0)
        {
            _busyLanes--;
            if (lane.Pace.IsBlank)
            {
                _lanes.Remove(lane.Name);
            }
        }
    }

    /// <summary>Adds what else is due on the lane until a transaction is full: with a smarthost, domains share transactions.</summary>
    private void Fill(Lane lane, List<GroupAttempt> attempts)
    {
        var room = _kit.Options.RecipientsPerTransaction - attempts[0].Lease.Waiting.Length;
        while (room > 0 && TakeNext(lane) is { } more)
        {
            attempts.Add(Attempt(more));
            room -= more.Waiting.Length;
        }
    }

    private GroupLease? TakeNext(Lane lane) => Queue.TakeDue(1, destination => _kit.Routes.LaneOf(destination) == lane.Name) is [var lease] ? lease : null;

    private GroupAttempt Attempt(GroupLease lease)
    {
        GroupCopies? copies = null;
        try
        {
            copies = _copies.Open(lease.Group);
        }
        catch (IOException e)
        {
            LogNoCopy(_kit.Logger, lease.Group.CopyId, lease.Group.Destination, e);
        }

        return new GroupAttempt(lease, copies, _kit.Options);
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var now = _kit.Time.GetUtcNow();
        var due = MayDispatch ? Queue.NextDueWhere(MayTake) : null;
        if (due <= now)
        {
            return;
        }

        var open = NextOpen(now);
        var next = due < open ? due : open ?? due;
        var pause = next is { } at ? at - now : Timeout.InfiniteTimeSpan;
        await _wake.WaitAsync(pause, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>When the first pause of a lane ends, or null.</summary>
    private DateTimeOffset? NextOpen(DateTimeOffset now)
    {
        lock (_gate)
        {
            return _lanes.Values.Select(lane => lane.Pace.NotBefore).Where(at => at > now).Min();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round to {Lane} failed")]
    private static partial void LogRound(ILogger logger, string lane, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The octets {CopyId} for {Destination} can't be read")]
    private static partial void LogNoCopy(ILogger logger, string copyId, string destination, Exception failure);
}
