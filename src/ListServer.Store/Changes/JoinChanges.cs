using ListServer.Lists.Membership;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>Somebody who wants to join waits for a moderator.</summary>
public sealed record JoinRequestSaved(JoinRequest Request) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.JoinRequest(Request.List, Request.Address), Request);
}

/// <summary>Nobody waits any more: it was decided.</summary>
public sealed record JoinRequestRemoved(string List, string Address) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.JoinRequest(List, Address));
}

/// <summary>A mail is to be written.</summary>
public sealed record NoticeOwed(OwedNotice Notice) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.OwedNotice(Notice.Id), Notice);
}

/// <summary>A mail was written, or nobody is left to read it.</summary>
public sealed record NoticeSettled(string Id) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.OwedNotice(Id));
}
