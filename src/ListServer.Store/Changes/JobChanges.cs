using ListServer.Lists.Jobs;
using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>A job is new, or got on: in the commit that does what it counts.</summary>
public sealed record JobSaved(Job Job) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var isNews = Job.EndedAt is not null && draft.Find<Job>(TableKey.Job(Job.Id)) is not { EndedAt: not null };
        draft.Put(TableKey.Job(Job.Id), Job);
        if (isNews)
        {
            draft.Tell(WebhookKinds.JobDone, Job.List, Job.EndedAt, () => new { Job.Id, Job.Kind, Job.State, Job.Total, Job.Added, Job.Removed, Job.AlreadyMembers, Job.Bad, Job.Problem });
        }
    }
}
