using System.Buffers;

namespace ListServer.Lists.Bounces;

/// <summary>Words that receivers use for one reason. Letters' case does not matter, and a phrase begins where a word begins.</summary>
internal sealed class RefusalWords
{
    private readonly SearchValues<string> _phrases;

    private RefusalWords(params string[] phrases) => _phrases = SearchValues.Create(phrases, StringComparison.OrdinalIgnoreCase);

    /// <summary>"Come again": never a policy against the list.</summary>
    public static RefusalWords Greylisting { get; } = new("greylist", "graylist", "grey list", "gray list", "grey-list", "gray-list");

    /// <summary>What can only be meant for the sender or the copy.</summary>
    public static RefusalWords Spam { get; } = new(
        "spam", "dmarc", "spf ", "spf-", "spf:", "spf)", "spf]", "(spf", "dkim", "rbl", "dnsbl", "surbl", "uribl", "blacklist", "black list", "black-list",
        "blocklist", "block list", "block-list", "blocked using", "blocked by", "blocked due", "blocked for", "blocked because",
        "poor reputation", "bad reputation", "low reputation", "reputation", "unsolicited", "junk mail", "bulk mail", "bulk email",
        "virus", "malware", "phish", "banned content", "content filter", "content reject", "content block", "message content", "prohibited content",
        "policy reason", "policy violation", "local policy", "due to policy", "against policy", "content policy", "sender policy", "security policy",
        "sender denied", "sender reject", "sender address rejected", "not pre-approved", "spamhaus", "spamcop", "barracuda", "proofpoint", "cloudmark",
        "user complaints", "complaints", "suspicious", "unauthenticated", "authentication-results", "dynamic ip", "dial-up", "ptr record", "reverse dns",
        "blocked sender", "unusual rate", "rate limit", "too many messages from", "has been blocked", "banned");

    /// <summary>Nothing vouches for the author's domain.</summary>
    public static RefusalWords Unauthenticated { get; } = new(
        "dmarc", "spf", "dkim", "sender policy", "unauthenticated", "not authenticated", "authentication-results", "authentication check", "sender id");

    /// <summary>The sending server is not trusted.</summary>
    public static RefusalWords Distrust { get; } = new(
        "rbl", "dnsbl", "blacklist", "black list", "black-list", "blocklist", "block list", "block-list", "blocked using", "reputation", "spamhaus", "spamcop",
        "barracuda", "dynamic ip", "dial-up", "ptr record", "reverse dns", "unusual rate", "rate limit", "too many messages from", "client host", "your ip");

    /// <summary>The mailbox takes no more.</summary>
    public static RefusalWords Full { get; } = new(
        "mailbox full", "mailbox is full", "mailbox has exceeded", "mailbox exceeded", "mailfolder is full", "mail box full", "inbox is full", "inbox full",
        "over quota", "overquota", "quota exceeded", "exceeded quota", "exceeded its quota", "exceeded the quota", "quota exceed", "disk quota", "out of quota",
        "exceeds quota", "quota violation", "exceeded storage", "storage allocation", "exceeded their", "insufficient storage space", "mailbox size limit",
        "over the maximum allowed mailbox", "mailbox would exceed", "maildir over", "full mailbox", "not enough space", "user is over", "account is over",
        "out of storage space", "exceeding their quota", "exceeding its quota", "exceeds allowed size", "too many messages on", "storage limit", "no space left", "over the quota");

    /// <summary>The address is at fault.</summary>
    public static RefusalWords Address { get; } = new(
        "user unknown", "unknown user", "unknown recipient", "recipient unknown", "unknown local", "unknown address", "address unknown", "unknown mailbox",
        "unknown account", "no such user", "no such recipient", "no such mailbox", "no such address", "no such account", "no such local", "no such person",
        "no such domain", "no such host", "not a known user", "not known", "not our customer", "not a valid", "not listed", "not found", "cannot be found",
        "could not be found", "can't be found", "doesn't exist", "does not exist", "do not exist", "doesnt exist", "nonexistent", "non-existent",
        "no mailbox", "no account", "no valid recipient", "no user", "isn't a ", "is not a ", "invalid recipient", "invalid address", "invalid mailbox",
        "invalid user", "recipient invalid", "bad address", "address rejected", "addresses rejected", "rejected address", "bad destination", "bad recipient",
        "recipient not", "recipient no longer", "recipient rejected", "mailbox unavailable", "mailbox not available", "mailbox unknown", "mailbox not",
        "mailbox disabled", "mailbox is disabled", "mailbox has been", "mailbox is inactive", "mailbox inactive", "mailbox currently unavailable",
        "account disabled", "account is disabled", "account has been", "account inactive", "account is inactive", "account expired", "account unavailable",
        "account not", "account closed", "user disabled", "user is disabled", "user account", "user not", "user doesn't", "user does not", "user has been",
        "user suspended", "user is inactive", "inactive user", "inactive account", "disabled", "deactivated", "not an active", "account is blocked", "account blocked", "mailbox is blocked", "locked", "frozen", "discontinued", "no longer", "suspended",
        "host unknown", "unknown host", "host not found", "name service error", "name or service not known", "unrouteable", "unroutable", "domain not found",
        "null mx", "no mx record", "no smtp service", "does not accept mail", "doesn't accept mail", "not in directory", "addressee unknown", "undeliverable address", "unable to find");

    /// <summary>This copy is at fault.</summary>
    public static RefusalWords Message { get; } = new(
        "too large", "too big", "line too long", "lines too long", "header too long", "message size", "size exceeds", "exceeds size", "exceeds the maximum", "maximum message size", "message exceeds", "size limit",
        "8bit", "smtputf8");

    /// <summary>A server or the way to it is at fault.</summary>
    public static RefusalWords Route { get; } = new(
        "timed out", "timeout exceeded", "time-out", "connection refused", "connection reset", "no route to host", "unable to connect", "can't connect", "message expired",
        "envelope expired", "in the queue too long", "failing for a long time", "multiple retries", "did not accept our requests to connect", "could not deliver for the last",
        "attempts to deliver", "mail loop", "message loop", "too many hops", "hop count", "host not reachable", "network error");

    /// <summary>A refusal by rule, where no reason stands beside it.</summary>
    public static RefusalWords Denied { get; } = new(
        "access denied", "policy", "blocked", "denied", "not authorized", "not authorised", "not permitted", "not allowed", "not accepted", "relay", "reject", "prohibited",
        "forbidden", "restricted", "administrat", "unacceptable", "content", "security", "authentication", "permission");

    /// <summary>Whether one of the phrases stands in the text.</summary>
    public bool Any(string text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAny(_phrases) is >= 0 and var found)
        {
            // "verbl…" holds "rbl", and "respf " holds "spf ".
            if (found is 0 || !char.IsLetterOrDigit(rest[found - 1]))
            {
                return true;
            }

            rest = rest[(found + 1)..];
            rest = rest[Math.Min(rest.Length, WordEnd(rest))..];
        }

        return false;
    }

    private static int WordEnd(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && char.IsLetterOrDigit(text[end]))
        {
            end++;
        }

        return end;
    }
}
