using System.Collections.Frozen;
using ListServer.MailAuth;
using ListServer.MailAuth.AuthenticationResults;

namespace ListServer.Lists.Cooking;

/// <summary>Takes out what must not pass through a list.</summary>
internal static class StripStep
{
    // What a receiver, not the author, writes; and what only the list may say.
    private static readonly FrozenSet<string> Trace = Names(
        "Return-Path", "Delivered-To", "Precedence", "Archived-At");

    // Secrets, and requests that would make every member's mail program answer (SEC-17, LIST-default).
    private static readonly FrozenSet<string> Private = Names(
        "Bcc", "Resent-Bcc", "Approve", "Approved", "X-Approve", "X-Approved", "Urgent", "Return-Receipt-To",
        "Disposition-Notification-To", "Disposition-Notification-Options", "X-Confirm-Reading-To", "X-PMRQC");

    public static Draft Apply(Draft draft, Recipe recipe)
    {
        // AUTH-48; RFC 8601 §5: whatever claims to be ours and came in from outside is forged.
        var claiming = ResultsFields.Claiming(RawMessage.Parse(Draft.Join(draft.Fields)), recipe.Options.AuthservId);
        var forged = claiming.Select(position => draft.Fields[position].Octets).ToArray();
        var hasManyFeedbackIds = draft.Fields.Count(f => f.Is("Feedback-ID")) > 1;
        return draft
            .Remove(ModificationKind.TraceRemoved, f => Trace.Contains(f.Name) || Array.Exists(forged, octets => octets.Equals(f.Octets)))
            .Remove(ModificationKind.FieldRemoved, f => IsForeign(f) || (hasManyFeedbackIds && f.Is("Feedback-ID"))); // AUTH-80: one at the most
    }

    private static bool IsForeign(HeaderField field)
    {
        var name = field.Name;

        // AUTH-51, 52, 65. A line that is no field at all would end the header for some readers and not for others.
        return Private.Contains(name)
            || name.StartsWith("List-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("BIMI-", StringComparison.OrdinalIgnoreCase)
            || name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
