using System.Collections.Immutable;

namespace ListServer.Lists.Jobs;

/// <summary>What a job does.</summary>
public enum JobKind
{
    /// <summary>Members of a file are added, a thousand at a time.</summary>
    Import,

    /// <summary>A list's members become those of a file, all at once.</summary>
    Sync,
}

/// <summary>Where a job stands. Whatever it did by then is whole.</summary>
public enum JobState
{
    /// <summary>It goes on.</summary>
    Running,

    /// <summary>All of it is done.</summary>
    Done,

    /// <summary>Somebody ended it.</summary>
    Stopped,

    /// <summary>It could not go on; its problem says why.</summary>
    Failed,

    /// <summary>The server ended while it ran. To go on, start it again: who is on the list already is passed over.</summary>
    Interrupted,
}

/// <summary>Something that takes longer than people wait for an answer.</summary>
/// <param name="Id">Ordered by time.</param>
/// <param name="Kind">What it does.</param>
/// <param name="List">On which list: the posting address.</param>
/// <param name="By">Who started it.</param>
/// <param name="StartedAt">When.</param>
/// <param name="Total">How many lines it has to do.</param>
public sealed record Job(string Id, JobKind Kind, string List, string By, DateTimeOffset StartedAt, int Total)
{
    /// <summary>Where it stands.</summary>
    public JobState State { get; init; }

    /// <summary>How many of the lines are done.</summary>
    public int Handled { get; init; }

    /// <summary>Members that it added.</summary>
    public int Added { get; init; }

    /// <summary>Members that it removed.</summary>
    public int Removed { get; init; }

    /// <summary>Addresses that were on the list already.</summary>
    public int AlreadyMembers { get; init; }

    /// <summary>Lines that were left out, as they can't be read, each with why; the first of them.</summary>
    public ImmutableArray<string> BadLines { get; init; } = [];

    /// <summary>How many lines were left out.</summary>
    public int Bad { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended before its time, in words; else empty.</summary>
    public string Problem { get; init; } = "";
}
