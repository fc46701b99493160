using System.Collections.Immutable;
using ListServer.Lists.Membership;

namespace ListServer.Lists.Commands;

/// <summary>One thing that a mail to a list's command addresses asks for. A closed hierarchy.</summary>
/// <param name="Text">The line as its author wrote it, on one line and cut short: for the answer.</param>
public abstract record Command(string Text)
{
    /// <summary>How to use the list by mail.</summary>
    public sealed record Help(string Text) : Command(Text);

    /// <summary>What the list is about.</summary>
    public sealed record Info(string Text) : Command(Text);

    /// <summary>The author wants to become a member.</summary>
    public sealed record Join(string Text) : Command(Text);

    /// <summary>The author wants to leave.</summary>
    public sealed record Leave(string Text) : Command(Text);

    /// <summary>Answers a question that we asked.</summary>
    /// <param name="Text">The line.</param>
    /// <param name="Token">As written; nobody has checked it yet.</param>
    public sealed record Confirm(string Text, string Token) : Command(Text);

    /// <summary>How the author receives the list.</summary>
    public sealed record Show(string Text) : Command(Text);

    /// <summary>The author wants to receive the list otherwise.</summary>
    public sealed record Wish(string Text, Preferences Preferences) : Command(Text);

    /// <summary>The author wants to receive the list otherwise, but it can't be understood how.</summary>
    public sealed record BadWish(string Text) : Command(Text);

    /// <summary>The author's subscription is to move to another address.</summary>
    /// <param name="Text">The line.</param>
    /// <param name="NewAddress">In its stored form.</param>
    public sealed record Move(string Text, string NewAddress) : Command(Text);

    /// <summary>Who is on the list.</summary>
    public sealed record Who(string Text) : Command(Text);

    /// <summary>Which lists there are.</summary>
    public sealed record Lists(string Text) : Command(Text);

    /// <summary>Which lists the author is on.</summary>
    public sealed record Which(string Text) : Command(Text);

    /// <summary>What the archive has.</summary>
    /// <param name="Text">The line.</param>
    /// <param name="Month">As written; null for the latest.</param>
    public sealed record Index(string Text, string? Month) : Command(Text);

    /// <summary>The author wants messages of the archive.</summary>
    /// <param name="Text">The line.</param>
    /// <param name="Messages">Their names, or Message-IDs; at least one.</param>
    public sealed record Fetch(string Text, ImmutableArray<string> Messages) : Command(Text);

    /// <summary>Nothing that we understand.</summary>
    public sealed record Unknown(string Text) : Command(Text);
}
