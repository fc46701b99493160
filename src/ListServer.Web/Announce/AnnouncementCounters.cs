using ListServer.Admin.Announcements;
using ListServer.Lists.Announcements;

namespace ListServer.Web.Announce;

/// <summary>An announcement's numbers, told while it goes on.</summary>
/// <param name="State">What the page shows beside them: when it is another one, the page is asked for anew.</param>
/// <param name="Settled">Recipients with an outcome.</param>
/// <param name="Delivered">Accepted by their providers.</param>
/// <param name="Waiting">Still to be tried.</param>
/// <param name="Refused">Refused for good.</param>
/// <param name="Unsent">Given up, left before, or stopped.</param>
/// <param name="PerMinute">Outcomes a minute; 0 while nothing moves.</param>
public sealed record AnnouncementCounters(string State, int Settled, int Delivered, int Waiting, int Refused, int Unsent, int PerMinute)
{
    internal bool IsOver => State is "done" or "stopped";

    internal static AnnouncementCounters Of(AnnouncementProgress found) => new(
        found.State.ToString().ToLowerInvariant() + (found.RestWaits ? "-first" : ""),
        found.Recipients - found.Waiting,
        found.Delivered,
        found.Waiting,
        found.Refused,
        found.Expired + found.Withdrawn + found.Stopped,
        (int)Math.Round(found.PerMinute ?? 0));

    /// <summary>True while somebody can still do something about it.</summary>
    internal static bool IsOpen(AnnouncementProgress found) => found.State is not (AnnouncementState.Done or AnnouncementState.Stopped);
}
