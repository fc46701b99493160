using System.Collections.Immutable;
using ListServer.Lists.Membership;

namespace ListServer.Lists.Commands;

/// <summary>What is done about one command. A closed hierarchy.</summary>
/// <param name="Command">The command.</param>
public abstract record CommandStep(Command Command)
{
    /// <summary>Its result is told to the author.</summary>
    public sealed record Tell(Command Command) : CommandStep(Command);

    /// <summary>Nobody knows who asks: the general help goes there, and none of the author's own words.</summary>
    public sealed record TellHelp(Command Command) : CommandStep(Command);

    /// <summary>The author's subscription ends at once.</summary>
    public sealed record LeaveNow(Command Command) : CommandStep(Command);

    /// <summary>The author's address is asked whether it wants to join.</summary>
    public sealed record AskJoin(Command Command) : CommandStep(Command);

    /// <summary>The author joins without being asked, or waits for a moderator: the list wants it so.</summary>
    public sealed record JoinNow(Command Command) : CommandStep(Command);

    /// <summary>The author's address is asked whether it wants to leave.</summary>
    public sealed record AskLeave(Command Command) : CommandStep(Command);

    /// <summary>The author receives the list otherwise at once.</summary>
    public sealed record SetNow(Command Command, Preferences Preferences) : CommandStep(Command);

    /// <summary>The author's address is asked whether it wants that.</summary>
    public sealed record AskSet(Command Command, Preferences Preferences) : CommandStep(Command);

    /// <summary>Both addresses are asked whether the subscription shall move.</summary>
    public sealed record AskMove(Command Command, string NewAddress) : CommandStep(Command);

    /// <summary>The token decides, whoever brings it.</summary>
    public sealed record Redeem(Command Command, string Token) : CommandStep(Command);

    /// <summary>Nothing is done, and nobody is told.</summary>
    public sealed record PassOver(Command Command) : CommandStep(Command);

    /// <summary>What is done about the commands of one mail, in their order.</summary>
    public static ImmutableArray<CommandStep> Plan(CommandMail mail, MailingList list, Authority authority)
    {
        ArgumentNullException.ThrowIfNull(mail);
        return [.. mail.Commands.Select(command => Of(command, list, authority))];
    }

    private static CommandStep Of(Command command, MailingList list, Authority authority) => command switch
    {
        Command.Join when authority is Authority.Acting && list.Subscription is (SubscriptionPolicy.Open or SubscriptionPolicy.Moderate) => new JoinNow(command),

        // Double opt-in, unless an owner wants less: that the author wrote it is no proof that they knew what they asked for (AUTH-92, AUTH-97).
        Command.Join => new AskJoin(command),
        Command.Leave => authority is Authority.Acting ? new LeaveNow(command) : new AskLeave(command),
        Command.Wish set => authority is Authority.Acting ? new SetNow(command, set.Preferences) : new AskSet(command, set.Preferences),
        Command.Move move when authority >= Authority.Answerable => new AskMove(command, move.NewAddress),
        Command.Confirm confirm => new Redeem(command, confirm.Token),
        _ when authority >= Authority.Answerable => new Tell(command),
        _ when authority is Authority.Claimed => new TellHelp(command),
        _ => new PassOver(command),
    };
}
