using System.Collections.Immutable;
using ListServer.Lists.Webhooks;
using ListServer.Store.Tables;
using ListServer.Store.Webhooks;

namespace ListServer.Store.Changes;

/// <summary>A webhook is new, has another secret, or is told again.</summary>
public sealed record WebhookSaved(Webhook Hook) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var hooks = WebhookNews.Of(draft, Hook.List);
        var place = WebhookNews.PlaceOf(hooks, Hook.Id);
        draft.PutPassing(TableKey.Webhooks(Hook.List), new WebhookSet(place < 0 ? hooks.Add(Hook) : hooks.SetItem(place, Hook)));
    }
}

/// <summary>A webhook is gone; what it was to be told is dropped.</summary>
public sealed record WebhookRemoved(Webhook Hook) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var left = WebhookNews.Of(draft, Hook.List).RemoveAll(hook => hook.Id == Hook.Id);
        if (left.IsEmpty)
        {
            draft.Remove(TableKey.Webhooks(Hook.List));
        }
        else
        {
            draft.PutPassing(TableKey.Webhooks(Hook.List), new WebhookSet(left));
        }

        draft.Keys(TableKey.WebhookEvents(Hook.Id), int.MaxValue).ForEach(draft.Remove);
    }
}

/// <summary>Somebody tries a webhook.</summary>
public sealed record WebhookTested(Webhook Hook, DateTimeOffset At) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Try(Hook, At);
}

/// <summary>It is known how an attempt ended; what is gone by then stays gone.</summary>
/// <param name="List">The webhook's list; empty for the server.</param>
/// <param name="Hook">The webhook's identifier.</param>
/// <param name="EventId">The event.</param>
/// <param name="At">When.</param>
/// <param name="Answer">What came back, in short.</param>
/// <param name="IsDelivered">True when it was taken.</param>
/// <param name="NextAttempt">When it is tried again; null for never.</param>
public sealed record WebhookTried(string List, string Hook, string EventId, DateTimeOffset At, string Answer, bool IsDelivered, DateTimeOffset? NextAttempt) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.WebhookEvent(Hook, EventId);
        if (draft.Find<WebhookEvent>(key) is { } told)
        {
            draft.Put(key, told with
            {
                Attempts = told.Attempts + 1,
                LastAttempt = At,
                Answer = Answer,
                DeliveredAt = IsDelivered ? At : told.DeliveredAt,
                NextAttempt = IsDelivered ? null : NextAttempt,
                GivenUpAt = IsDelivered || NextAttempt is not null ? null : At,
            });
        }

        WebhookNews.Change(draft, List, Hook, hook => hook with { FailingSince = IsDelivered ? null : hook.FailingSince ?? At });
    }
}

/// <summary>A webhook that takes nothing is told nothing any more; what it waited for can be told again by hand.</summary>
/// <param name="List">The webhook's list; empty for the server.</param>
/// <param name="Hook">The webhook's identifier.</param>
/// <param name="At">When.</param>
/// <param name="Answer">What came back last.</param>
public sealed record WebhookDisabled(string List, string Hook, DateTimeOffset At, string Answer) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        WebhookNews.Change(draft, List, Hook, hook => hook with { DisabledAt = At, DisabledFor = Answer });
        foreach (var key in draft.Keys(TableKey.WebhookEvents(Hook), int.MaxValue))
        {
            if (draft.Find<WebhookEvent>(key) is { NextAttempt: not null } told)
            {
                draft.Put(key, told with { NextAttempt = null, GivenUpAt = At });
            }
        }
    }
}

/// <summary>Events are told again, from the first attempt on.</summary>
/// <param name="Hook">The webhook's identifier.</param>
/// <param name="EventIds">The events.</param>
/// <param name="At">When somebody wanted it.</param>
public sealed record WebhookReplayed(string Hook, ImmutableArray<string> EventIds, DateTimeOffset At) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var key in EventIds.Select(id => TableKey.WebhookEvent(Hook, id)))
        {
            if (draft.Find<WebhookEvent>(key) is { } told)
            {
                draft.Put(key, told with { Attempts = 0, NextAttempt = At, GivenUpAt = null });
            }
        }
    }
}
