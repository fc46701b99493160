namespace ListServer.Lists.Announcements;

/// <summary>Where an announcement stands.</summary>
public enum AnnouncementState
{
    /// <summary>Waits for its time, or for its copies to be made.</summary>
    Scheduled,

    /// <summary>Its copies leave.</summary>
    Sending,

    /// <summary>Somebody holds it back.</summary>
    Paused,

    /// <summary>Every recipient has an outcome.</summary>
    Done,

    /// <summary>Given up: who had not got it by then does not get it.</summary>
    Stopped,
}

/// <summary>A post that is sent by a plan. How far it got is counted by the queue, and not here.</summary>
/// <param name="PostId">The post.</param>
/// <param name="List">Its list's posting address.</param>
/// <param name="CreatedAt">When it was given to us.</param>
/// <param name="By">Who did.</param>
/// <param name="Plan">How it is sent.</param>
public sealed record Announcement(string PostId, string List, DateTimeOffset CreatedAt, string By, SendingPlan Plan)
{
    /// <summary>Where it stands.</summary>
    public AnnouncementState State { get; init; }

    /// <summary>When its copies were queued; null before.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When somebody let the others follow the first; null before.</summary>
    public DateTimeOffset? RestAt { get; init; }

    /// <summary>Since when it is paused; null when it is not.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>How long it was paused before, since its copies were queued, or since somebody let the others follow.</summary>
    public TimeSpan PausedFor { get; init; }

    /// <summary>Why it is paused or stopped, in words; else empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>True when it was stopped because too many refused it, and not by somebody.</summary>
    public bool IsStoppedByItself { get; init; }

    /// <summary>True once it is written down what became of all who waited when it was stopped.</summary>
    public bool IsSettled { get; init; }

    /// <summary>True when nothing more will happen to it.</summary>
    public bool IsOver => State is AnnouncementState.Done or AnnouncementState.Stopped;

    /// <summary>When its copies are to be made; null when somebody holds it back, or when they are made.</summary>
    public DateTimeOffset? StartsAt => State == AnnouncementState.Scheduled ? Plan.NotBefore ?? CreatedAt : null;

    /// <summary>When a wave may leave; null when somebody has to let it first.</summary>
    public DateTimeOffset? OpensAt(SendingWave wave) => (State, wave) switch
    {
        (not AnnouncementState.Sending, _) => null,
        (_, SendingWave.First) => StartedAt,
        _ => RestOpensAt,
    };

    // A pause is no time in which anybody hears what the first say.
    private DateTimeOffset? RestOpensAt => (RestAt ?? StartedAt + Plan.ThenAfter) + PausedFor;

    /// <summary>Its copies are queued.</summary>
    public Announcement Started(DateTimeOffset at) => StartedAt is not null || IsOver ? this : this with
    {
        StartedAt = at,
        State = State == AnnouncementState.Scheduled ? AnnouncementState.Sending : State,
        PausedAt = PausedAt is null ? null : at,
    };

    /// <summary>Held back, whatever had to go next.</summary>
    public Announcement Paused(DateTimeOffset at, string reason) => State is AnnouncementState.Scheduled or AnnouncementState.Sending
        ? this with { State = AnnouncementState.Paused, PausedAt = at, Reason = reason }
        : this;

    /// <summary>Goes on. What is not paused lets those follow who waited for the first.</summary>
    public Announcement Resumed(DateTimeOffset at) => this switch
    {
        { State: AnnouncementState.Paused, StartedAt: null } => this with { State = AnnouncementState.Scheduled, PausedAt = null, Reason = "" },
        { State: AnnouncementState.Paused } => this with
        {
            State = AnnouncementState.Sending,
            PausedAt = null,
            PausedFor = PausedFor + (at - PausedAt!.Value),
            Reason = "",
        },
        { State: AnnouncementState.Sending, RestAt: null } when Plan is { First: > 0, ThenAfter: null } => this with { RestAt = at, PausedFor = TimeSpan.Zero },
        _ => this,
    };

    /// <summary>Given up.</summary>
    public Announcement Stopped(string reason) => IsOver ? this : this with { State = AnnouncementState.Stopped, PausedAt = null, Reason = reason };

    /// <summary>Nobody waits any more.</summary>
    public Announcement Settled() => State == AnnouncementState.Stopped ? this with { IsSettled = true } : this;

    /// <summary>Begins at another time; only before its copies are queued.</summary>
    public Announcement Rescheduled(DateTimeOffset notBefore) =>
        StartedAt is null && !IsOver ? this with { Plan = Plan with { NotBefore = notBefore } } : this;

    /// <summary>After outcomes were written down.</summary>
    /// <param name="before">How many had been delivered or refused before.</param>
    /// <param name="delivered">Delivered by now.</param>
    /// <param name="refused">Refused by now.</param>
    /// <param name="waiting">Without an outcome.</param>
    /// <param name="recipients">All there are.</param>
    public Announcement After(int before, int delivered, int refused, int waiting, int recipients)
    {
        if (IsOver)
        {
            return this;
        }

        if (waiting == 0)
        {
            return this with { State = AnnouncementState.Done, PausedAt = null, Reason = "" };
        }

        return new RefusalLimit(Plan.StopAtRefusals).Judge(before, delivered, refused, recipients, Plan.First) is { } reason
            ? Stopped(reason) with { IsStoppedByItself = true }
            : this;
    }

    /// <summary>How long it has been sending, pauses left out, to the first or, once they may leave, to all others; null before it began.</summary>
    public TimeSpan? SendingFor(DateTimeOffset now) => (PausedAt ?? now) - (IsRestOpen(now) ? RestOpensAt : StartedAt + PausedFor);

    /// <summary>True once nobody waits for the first any more.</summary>
    public bool IsRestOpen(DateTimeOffset now) => Plan.First > 0 && RestOpensAt <= (PausedAt ?? now);
}

/// <summary>Who of an announcement's recipients goes when.</summary>
public enum SendingWave
{
    /// <summary>Those who get it first, or all.</summary>
    First,

    /// <summary>All others.</summary>
    Rest,
}
