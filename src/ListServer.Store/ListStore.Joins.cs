using ListServer.Lists.Membership;
using ListServer.Store.Tables;

namespace ListServer.Store;

public sealed partial class ListStore
{
    /// <summary>That of an address which waits for a moderator, or null. Who became a member by another way waits no more.</summary>
    public JoinRequest? FindJoinRequest(string list, string address) =>
        FindMember(list, address) is null ? Find<JoinRequest>(TableKey.JoinRequest(list, address)) : null;

    /// <summary>Those who wait for a moderator, by list and address.</summary>
    /// <param name="list">Of one list, by its posting address, or null for all.</param>
    public IReadOnlyList<JoinRequest> JoinRequests(string? list) =>
        [.. Read<JoinRequest>(_table.Walk(KeyRange.Of(list is null ? TableKey.AllJoinRequests : TableKey.JoinRequests(list))))
            .Where(request => FindMember(request.List, request.Address) is null)];

    /// <summary>What stops an address from joining a list and posting to it, or null for nothing: the list's own bans and those on all lists.</summary>
    public Ban? FindBan(string list, string address) => Bans(list).Concat(Bans("")).FirstOrDefault(ban => ban.Stops(address));

    /// <summary>Bans, by pattern.</summary>
    /// <param name="list">Those on one list, by its posting address; empty for those on all lists.</param>
    public IEnumerable<Ban> Bans(string list) => _projections.Bans.Of(list);

    /// <summary>Mails that are still to be written, the oldest first.</summary>
    public IReadOnlyList<OwedNotice> OwedNotices() => Read<OwedNotice>(_table.Walk(KeyRange.Of(TableKey.OwedNotices)));
}
