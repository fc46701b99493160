using System.Collections.Immutable;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>One attempt at one group: who is still open, and what the store has to be told.</summary>
/// <remarks>For one courier.</remarks>
internal sealed class GroupAttempt(GroupLease lease, GroupCopies? copies, OutboundOptions options) : IDisposable
{
    private const int LongestReply = 1000;

    private readonly List<RecipientOutcome> _settled = [];
    private int _open = lease.Waiting.Length;
    private bool _isChanged;
    private bool _isDeferred;
    private bool _isBlocked;
    private bool _isStopped;
    private string _lastReply = lease.LastReply;

    public GroupLease Lease => lease;

    public QueueGroup Group => lease.Group;

    /// <summary>Positions of those to try.</summary>
    public ImmutableArray<int> Waiting { get; private set; } = lease.Waiting;

    /// <summary>True when every recipient has an outcome.</summary>
    public bool IsOver => _open == 0;

    /// <summary>False for a notice: it has no history to write.</summary>
    public bool IsOfPost => Group.PostId != Group.CopyId;

    /// <summary>The octets; null when they can't be read.</summary>
    public GroupCopies? Copies => copies;

    /// <summary>Takes those out who are not to be tried; their outcome is still to be entered.</summary>
    public ImmutableArray<int> Withdraw(Predicate<QueueRecipient> isGone)
    {
        var gone = Waiting.RemoveAll(i => !isGone(Group.Recipients[i]));
        Waiting = Waiting.RemoveRange(gone);
        return gone;
    }

    /// <summary>Enters a recipient's outcome. Answers where it stands by it, or null when nothing was tried because we stop, or hold it back.</summary>
    public RecipientState? Enter(int index, Outcome outcome, DateTimeOffset now)
    {
        _open--;
        if (outcome.Cause is OutcomeCause.Stopped or OutcomeCause.HeldBack)
        {
            _isStopped = true;
            return null;
        }

        _isChanged = true;
        var state = outcome.Kind switch
        {
            OutcomeKind.Delivered => RecipientState.Delivered,
            OutcomeKind.Refused when outcome.Cause == OutcomeCause.Departed => RecipientState.Withdrawn,
            OutcomeKind.Refused => RecipientState.Refused,
            _ => now >= Group.ExpiresAt ? RecipientState.Expired : RecipientState.Waiting,
        };
        if (state == RecipientState.Waiting)
        {
            _isDeferred = true;
            _isBlocked |= Pace.IsBlock(outcome);
            _lastReply = outcome.ToString();
        }
        else
        {
            _settled.Add(new RecipientOutcome(index, state));
        }

        return state;
    }

    /// <summary>What the store has to be told since the last time; null for nothing.</summary>
    public GroupProgress? TakeProgress(DateTimeOffset now)
    {
        if (!_isChanged)
        {
            return null;
        }

        // While some are open, and when a stop or a pause left some untried, the rest is due at once when it may go again.
        var isOver = _open == 0 && !_isStopped;
        var attempts = lease.Attempts + (isOver ? 1 : 0);
        var next = isOver && _isDeferred ? NextAttempt(attempts, now) : now;
        var progress = new GroupProgress(Group.Id, [.. _settled], attempts, next, _lastReply.Length > LongestReply ? _lastReply[..LongestReply] : _lastReply);
        _settled.Clear();
        _isChanged = false;
        return progress;
    }

    public void Dispose()
    {
        copies?.Dispose();
        lease.Dispose();
    }

    /// <summary>The last attempt is made when the time is over, and not before.</summary>
    private DateTimeOffset NextAttempt(int attempts, DateTimeOffset now)
    {
        var pause = Backoff.Pause(options, attempts, Random.Shared.NextDouble());

        // AUTH-74: what is written down holds after a restart too, which forgets the pace.
        var next = now + (_isBlocked && pause < Pace.BlockPause ? Pace.BlockPause : pause);
        return next < Group.ExpiresAt ? next : Group.ExpiresAt;
    }
}
