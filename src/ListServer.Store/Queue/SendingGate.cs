using ListServer.Lists.Announcements;

namespace ListServer.Store.Queue;

/// <summary>The groups of one announcement that nobody has taken, behind its plan. Not safe for concurrent use.</summary>
internal sealed class SendingGate
{
    private readonly Dictionary<SendingWave, DueOrder> _waves = new() { [SendingWave.First] = new DueOrder(), [SendingWave.Rest] = new DueOrder() };
    private Throttle _throttle;

    /// <summary>The announcement as it stands; null when nothing is known of it: then nothing leaves.</summary>
    public Announcement? Announcement { get; private set; }

    /// <summary>How many groups there are, taken ones included.</summary>
    public int Groups { get; set; }

    /// <summary>Takes in how the announcement stands.</summary>
    /// <param name="announcement">The announcement.</param>
    /// <param name="now">The time.</param>
    public void Take(Announcement announcement, DateTimeOffset now)
    {
        if (Announcement is null && announcement is { StartedAt: not null, Plan: { Rate: { } rate } plan })
        {
            // What went before this process began is not known: a whole group is taken for paid, so that a restart makes nothing faster.
            _throttle = new Throttle(now).After(plan.GroupSize(QueueGroup.MaxRecipients), rate, now);
        }

        Announcement = announcement;
    }

    public void Add(GroupState state, DateTimeOffset at) => _waves[state.Wave!.Value].Add(state, at);

    public void Remove(GroupState state) => _waves[state.Wave!.Value].Remove(state);

    /// <summary>Takes the longest due group that the plan lets go and whose destination can take it, or null.</summary>
    public GroupState? Take(DateTimeOffset now, Predicate<string> mayTake)
    {
        if (Announcement?.State != AnnouncementState.Sending || _throttle.OpensAt > now)
        {
            return null;
        }

        foreach (var (wave, order) in _waves)
        {
            if (Announcement.OpensAt(wave) <= now && order.Take(now, 1, mayTake) is [var taken])
            {
                _throttle = Announcement.Plan.Rate is { } rate ? _throttle.After(taken.WaitingCount, rate, now) : _throttle;
                return taken;
            }
        }

        return null;
    }

    /// <summary>When the next group goes whose destination can take it; null when none does until something changes.</summary>
    public DateTimeOffset? FirstOf(Predicate<string> mayTake)
    {
        DateTimeOffset? first = null;
        foreach (var (wave, order) in _waves)
        {
            if (order.FirstOf(mayTake) is { } due && DueAt(wave, due) is { } at)
            {
                first = first < at ? first : at;
            }
        }

        return first;
    }

    /// <summary>When a group of this wave goes that is due at this time; null when it does not until something changes.</summary>
    public DateTimeOffset? DueAt(SendingWave wave, DateTimeOffset due) =>
        Announcement?.OpensAt(wave) is { } opens ? Latest(opens, due, _throttle.OpensAt) : null;

    private static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var latest = times[0];
        foreach (var time in times)
        {
            latest = time > latest ? time : latest;
        }

        return latest;
    }
}
