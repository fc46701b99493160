using System.Collections.Immutable;
using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Commands;

/// <summary>Whether a message may be answered by a program (RFC 3834 §2, AUTH-56). What may not be answered is not obeyed either.</summary>
public static class AutoReply
{
    private static readonly ImmutableArray<string> Robots =
        ["mailer-daemon", "listserv", "majordomo", "noreply", "no-reply", "donotreply", "do-not-reply"];

    private static readonly ImmutableArray<string> RobotEndings = ["-request", "-bounces", "-owner", "-confirm"];

    private static readonly ImmutableArray<string> BulkPrecedences = ["bulk", "list", "junk"];

    /// <summary>Says why the message may not be answered, in words; null when it may.</summary>
    /// <param name="envelope">How it came.</param>
    /// <param name="message">The message.</param>
    /// <param name="author">The address in From: where an answer would go.</param>
    /// <param name="isOurs">True for an address of this server.</param>
    public static string? Problem(Envelope envelope, RawMessage message, string author, Func<string, bool> isOurs)
    {
        if (ProblemWithAddresses(envelope.ReversePath, author, isOurs) is { } robot)
        {
            return robot;
        }

        foreach (var field in message.Fields)
        {
            if (ProblemWith(field) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>The same of the addresses alone, where nothing else is known any more.</summary>
    /// <param name="reversePath">MAIL FROM.</param>
    /// <param name="author">The address in From.</param>
    /// <param name="isOurs">True for an address of this server.</param>
    public static string? ProblemWithAddresses(string reversePath, string author, Func<string, bool> isOurs)
    {
        if (reversePath.Length == 0)
        {
            return "its reverse-path is null";
        }

        return Array.Find([reversePath, author], address => IsRobot(address) || isOurs(address)) is { } robot
            ? $"{robot} is not a person's address"
            : null;
    }

    private static bool IsRobot(string address)
    {
        var local = (address.LastIndexOf('@') is >= 0 and var at ? address[..at] : address).ToLowerInvariant();
        return Robots.Contains(local)
            || local.StartsWith("owner-", StringComparison.Ordinal)
            || RobotEndings.Any(ending => local.EndsWith(ending, StringComparison.Ordinal))
            || local.Contains("-bounces+", StringComparison.Ordinal);
    }

    private static string? ProblemWith(HeaderField field)
    {
        var name = field.Name;
        if (name.StartsWith("List-", StringComparison.OrdinalIgnoreCase))
        {
            return $"it came through a mailing list ({name})";
        }

        if (field.Is("Auto-Submitted"))
        {
            return FirstWord(field) is "no" ? null : "it was sent by a program (Auto-Submitted)";
        }

        if (field.Is("Precedence"))
        {
            return BulkPrecedences.Contains(FirstWord(field)) ? "it was sent in bulk (Precedence)" : null;
        }

        return field.Is("Content-Type") && FirstWord(field) is "multipart/report" ? "it is a report" : null;
    }

    // RFC 3834 §5: a keyword, and perhaps a comment or parameters behind it.
    private static string FirstWord(HeaderField field) =>
        Encoding.Latin1.GetString(field.RawValue.Span).Split(';', '(')[0].Trim().ToLowerInvariant();
}
