using System.Collections.Frozen;
using System.Text;
using ListServer.MailAuth;

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

    public static Draft Apply(Draft draft, Recipe recipe) => draft
        .Remove(ModificationKind.TraceRemoved, f => IsTrace(f, recipe.Options.AuthservId))
        .Remove(ModificationKind.FieldRemoved, IsForeign);

    private static bool IsTrace(HeaderField field, string authservId) =>
        Trace.Contains(field.Name) || (field.Is("Authentication-Results") && BearsId(field, authservId));

    private static bool IsForeign(HeaderField field)
    {
        var name = field.Name;

        // AUTH-51, 52, 65. A line that is no field at all would end the header for some readers and not for others.
        return Private.Contains(name)
            || name.StartsWith("List-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("BIMI-", StringComparison.OrdinalIgnoreCase)
            || name.Length == 0 || name.AsSpan().ContainsAnyExceptInRange('!', '~');
    }

    // AUTH-48; RFC 8601 §5: whatever claims to be ours and came in from outside is forged.
    private static bool BearsId(HeaderField field, string authservId)
    {
        var bare = Cfws.Remove(Encoding.Latin1.GetString(field.RawValue.Span), keepsQuoted: true);
        var id = bare.Split(';')[0].Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
        return id.Trim('"').Equals(authservId, StringComparison.OrdinalIgnoreCase);
    }

    private static FrozenSet<string> Names(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
