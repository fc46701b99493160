using System.Collections.Immutable;
using System.IO.Enumeration;

namespace ListServer.Lists.Moderation;

/// <summary>To whom a post was written: to the list, and to not too many beside it.</summary>
internal static class DestinationRules
{
    public static readonly ImmutableArray<Rule> All =
    [
        new("implicit-dest", c => c.List.Moderation.RequiresDestination && !c.IsFromModerator && !Named(c).Any(address => IsList(address, c.List))
            ? new Verdict.Hold("Message has implicit destination")
            : null),
        new("max-recipients", c => c.List.Moderation.MaxRecipients is > 0 and var most && !c.IsFromModerator && Named(c).Take(most + 1).Count() > most
            ? new Verdict.Hold($"Message has more than {most} recipients")
            : null),
    ];

    private static IEnumerable<string> Named(Candidate candidate) => candidate.Message.Fields
        .Where(field => field.Is("To") || field.Is("Cc") || field.Is("Resent-To") || field.Is("Resent-Cc"))
        .SelectMany(field => NamedAddress.ReadAll(field.RawValue.Span))
        .Select(mailbox => mailbox.Address);

    // An alias is a glob, never a regular expression: matching it takes no longer than its length times the address's.
    private static bool IsList(string address, MailingList list) =>
        address.Equals(list.Address, StringComparison.OrdinalIgnoreCase)
        || list.Moderation.Aliases.Any(alias => FileSystemName.MatchesSimpleExpression(alias, address));
}
