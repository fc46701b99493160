using ListServer.Lists.Jobs;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A job is new, or got on: in the commit that does what it counts.</summary>
public sealed record JobSaved(Job Job) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Job(Job.Id), Job);
}
