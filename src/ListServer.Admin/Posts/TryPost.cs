using System.Collections.Immutable;
using System.Net;
using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.MailAuth;

namespace ListServer.Admin.Posts;

/// <summary>The client that a message is thought to come from.</summary>
/// <param name="Client">Its IP address; null when it is not known.</param>
/// <param name="Helo">The name it gave; may be empty.</param>
/// <param name="MailFrom">MAIL FROM, empty for the null sender; null for the author's address.</param>
public sealed record TrialOrigin(string? Client, string Helo, string? MailFrom);

/// <summary>Says what would happen to a message if it came to a list now: nothing is sent, stored or counted, and no serial number is used.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Message">The whole message, its lines ending in CRLF.</param>
/// <param name="Origin">Where it would come from.</param>
public sealed record TryPost(string List, byte[] Message, TrialOrigin Origin) : UseCase<PostTrial>
{
    /// <summary>The address that copies leave from, for SPF at the next hop; null when it is not known.</summary>
    public string? SentFrom { get; init; }

    /// <summary>Domains whose seals the Gmail-like receiver knows, beside those that the operator trusts.</summary>
    public ImmutableArray<string> KnownSealers { get; init; } = [];

    /// <summary>True for a message that whoever asks sends from here and stands for, as <see cref="Announcements.SendAnnouncement"/> does: its origin does not count.</summary>
    public bool IsAnnouncement { get; init; }

    /// <summary>Whose copy is shown, where each member has their own; null for the first member's.</summary>
    public string? Reader { get; init; }

    /// <summary>True when the copy itself is wanted.</summary>
    public bool WithOctets { get; init; }

    internal override bool OnlyLooks => true;

    /// <inheritdoc/>
    public override async Task<Outcome<PostTrial>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (Problem() is { } problem)
        {
            return RefusedUseCase.Invalid(problem);
        }

        return context.TryPost is { } attempt
            ? await attempt(this, list, context.Actor, cancellationToken)
            : new RefusedUseCase(Refusal.TryLater, "No server runs on this data folder; 'listserver serve' is what knows its name, its keys and whom it trusts.");
    }

    private string? Problem()
    {
        if (Message.Length == 0)
        {
            return "The message is empty.";
        }

        if (!RawMessage.Parse(Message).Fields.Any(field => field.Name.Length > 0 && !field.Name.AsSpan().ContainsAnyExceptInRange('!', '~')))
        {
            return "This is no message: it does not begin with header fields, such as From and Subject.";
        }

        foreach (var address in (string?[])[Origin.Client, SentFrom])
        {
            if (address is not null && !IPAddress.TryParse(address, out _))
            {
                return $"'{address}' is not an IP address.";
            }
        }

        if (Origin.MailFrom is { Length: > 0 } path && (path.IndexOf('@', StringComparison.Ordinal) < 1 || !IsWord(path)))
        {
            return $"MAIL FROM is an address, or '' for the null sender, not '{path}'.";
        }

        return IsWord(Origin.Helo) ? PreCheck.Problem(Message) : $"HELO is one name, not '{Origin.Helo}'.";
    }

    private static bool IsWord(string text) => !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
