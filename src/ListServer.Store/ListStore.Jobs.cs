using ListServer.Lists.Jobs;
using ListServer.Store.Tables;

namespace ListServer.Store;

public sealed partial class ListStore
{
    /// <summary>The job of that identifier, or null.</summary>
    public Job? FindJob(string id) => Find<Job>(TableKey.Job(id));

    /// <summary>Jobs of the last month, the newest first.</summary>
    public IReadOnlyList<Job> Jobs() => Read<Job>(Down(TableKey.Jobs, null));
}
