using ListServer.Admin;
using ListServer.Admin.Held;
using ListServer.Admin.Members;
using ListServer.Admin.Membership;
using ListServer.Lists;
using ListServer.Lists.Commands;
using ListServer.Lists.Membership;
using ListServer.Lists.Notices;
using ListServer.Store;

namespace ListServer.Correspondence;

/// <summary>The commands of one mail while they are done: what became of each, and who has to be told what.</summary>
internal sealed class CommandRun(MailingList list, string author, Authority authority, LocalDesk desk, string client, string evidence)
{
    // The question, the welcome or the farewell that goes out is told enough.
    private static readonly CommandResult[] SaidOtherwise = [CommandResult.Asked, CommandResult.AskedEnough, CommandResult.Joined, CommandResult.Left, CommandResult.Waits];

    private readonly List<CommandOutcome> _outcomes = [];
    private readonly List<(NoticeKind Kind, NoticeFacts Facts)> _notices = [];
    private readonly CommandAnswers _answers = new(list, author, authority, desk);
    private bool _isHelpWanted;
    private bool _isPassedOver;

    /// <summary>True when a token was not known.</summary>
    public bool HasBadToken => _outcomes.Exists(outcome => outcome.Result is CommandResult.BadToken);

    /// <summary>True when the author was not believed, and there was nothing that could be done without.</summary>
    public bool IsAllPassedOver => _isPassedOver && _outcomes.Count == 0 && !_isHelpWanted;

    /// <summary>Does one step.</summary>
    public async Task DoAsync(CommandStep step, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case CommandStep.AskJoin:
                Note(step, Asked(await desk.RunAsync(new RequestJoin(list.Address, author, Asker), cancellationToken)));
                break;
            case CommandStep.JoinNow:
                Note(step, Joined(await desk.RunAsync(new JoinNow(list.Address, author, Asker), cancellationToken)));
                break;
            case CommandStep.AskLeave:
                Note(step, Asked(await desk.RunAsync(new RequestLeave(list.Address, author, Asker), cancellationToken)));
                break;
            case CommandStep.LeaveNow:
                Note(step, Left(await desk.RunAsync(new RemoveMember(list.Address, author, evidence), cancellationToken)));
                break;
            case CommandStep.SetNow(_, var preferences):
                Note(step, Set(await desk.RunAsync(SetMember.Of(list.Address, author, preferences), cancellationToken)));
                break;
            case CommandStep.AskSet(_, var preferences):
                Note(step, Asked(await desk.RunAsync(new RequestSet(list.Address, author, preferences, Asker), cancellationToken), step.Command.Text));
                break;
            case CommandStep.AskMove(_, var to):
                Note(step, Asked(await desk.RunAsync(new RequestMove(list.Address, author, to, Asker), cancellationToken)));
                break;
            case CommandStep.Redeem(_, var token):
                Note(step, await RedeemAsync(token, cancellationToken));
                break;
            case CommandStep.Tell:
                _outcomes.Add(await _answers.OfAsync(step.Command, cancellationToken));
                break;
            case CommandStep.TellHelp:
                _isHelpWanted = true;
                break;
            default:
                _isPassedOver = true;
                break;
        }
    }

    /// <summary>The notices to send, within the caps on answers.</summary>
    public IEnumerable<(NoticeKind Kind, NoticeFacts Facts)> Notices(AnswerLimits limits, bool isCut)
    {
        foreach (var notice in _notices)
        {
            yield return notice;
        }

        if (_isHelpWanted && limits.TryTake(author, isAuthenticated: false))
        {
            yield return (NoticeKind.Help, new NoticeFacts(list, author));
        }

        if (authority < Authority.Answerable || _outcomes.TrueForAll(outcome => SaidOtherwise.Contains(outcome.Result))
            || !limits.TryTake(author, isAuthenticated: true))
        {
            yield break;
        }

        yield return _outcomes is [{ Result: CommandResult.Help }]
            ? (NoticeKind.Help, new NoticeFacts(list, author))
            : (NoticeKind.CommandResults, new NoticeFacts(list, author) { Results = [.. _outcomes], IsCut = isCut, Member = _answers.Member, Attached = [.. _answers.Attached] });
    }

    private CommandResult NotAllowed => list.Subscription is SubscriptionPolicy.Closed ? CommandResult.Closed : CommandResult.Banned;

    private Asker Asker => new(client, authority is Authority.Acting, evidence);

    private void Note(CommandStep step, CommandResult result) => _outcomes.Add(new CommandOutcome(step.Command.Text, result));

    private CommandResult Asked(Outcome<Question> outcome, string text = "")
    {
        if (outcome is not Outcome<Question>.Done(var question))
        {
            return outcome switch
            {
                Outcome<Question>.Refused { Kind: Refusal.NotAllowed } => NotAllowed,
                Outcome<Question>.Refused { Kind: Refusal.Invalid } => CommandResult.BadSetting,
                _ => CommandResult.AskedEnough,
            };
        }

        var kind = question.Kind switch
        {
            ConfirmationKind.Join => NoticeKind.ConfirmJoin,
            ConfirmationKind.Set => NoticeKind.ConfirmSet,
            _ => NoticeKind.ConfirmLeave,
        };
        _notices.Add((kind, new NoticeFacts(question.List, question.Address) { Token = question.Token, Reason = text }));
        return CommandResult.Asked;
    }

    private CommandResult Joined(Outcome<JoinState> outcome)
    {
        switch (outcome)
        {
            case Outcome<JoinState>.Done(JoinState.Waits):
                return CommandResult.Waits;
            case Outcome<JoinState>.Done(JoinState.WasMember):
                return CommandResult.AlreadyMember;
            case Outcome<JoinState>.Done:
                _notices.Add((NoticeKind.Welcome, new NoticeFacts(list, author)));
                return CommandResult.Joined;
            case Outcome<JoinState>.Refused { Kind: Refusal.NotAllowed }:
                return NotAllowed;
            default:
                return CommandResult.AskedEnough;
        }
    }

    private CommandResult Set(Outcome<Member> outcome)
    {
        _answers.Member = outcome is Outcome<Member>.Done(var member) ? member : null;
        return outcome switch
        {
            Outcome<Member>.Done => CommandResult.Preferences,
            Outcome<Member>.Refused { Kind: Refusal.NotFound } => CommandResult.NotMember,
            _ => CommandResult.BadSetting,
        };
    }

    private CommandResult Left(Outcome<Member> outcome)
    {
        if (outcome is not Outcome<Member>.Done(var member))
        {
            return CommandResult.NotMember;
        }

        _notices.Add((NoticeKind.Goodbye, new NoticeFacts(list, member.Address)));
        return CommandResult.Left;
    }

    private async Task<CommandResult> RedeemAsync(string token, CancellationToken cancellationToken)
    {
        var redeemed = Redeemed(await desk.RunAsync(new ConfirmByToken(token, evidence), cancellationToken));
        if (redeemed is CommandResult.BadToken)
        {
            redeemed = Moved(await desk.RunAsync(new ConfirmMove(token, evidence), cancellationToken));
        }

        if (redeemed is CommandResult.BadToken)
        {
            redeemed = Decided(await desk.RunAsync(new DecideByToken(token, evidence), cancellationToken));
        }

        return redeemed is CommandResult.BadToken ? Decided(await desk.RunAsync(new DecideJoinByToken(token, evidence), cancellationToken)) : redeemed;
    }

    private CommandResult Asked(Outcome<MoveQuestions> outcome)
    {
        if (outcome is not Outcome<MoveQuestions>.Done(var asked))
        {
            return outcome switch
            {
                Outcome<MoveQuestions>.Refused { Kind: Refusal.NotFound } => CommandResult.NotMember,
                _ => CommandResult.AskedEnough,
            };
        }

        foreach (var (address, token) in new[] { (asked.From, asked.FromToken), (asked.To, asked.ToToken) })
        {
            _notices.Add((NoticeKind.ConfirmMove, new NoticeFacts(asked.List, address) { Token = token, About = asked.From, Reason = asked.To }));
        }

        return CommandResult.Asked;
    }

    private static CommandResult Moved(Outcome<MoveAnswer> outcome) => outcome switch
    {
        Outcome<MoveAnswer>.Done({ IsDone: true }) => CommandResult.Changed,
        Outcome<MoveAnswer>.Done => CommandResult.OtherAsked,
        Outcome<MoveAnswer>.Refused { Kind: Refusal.Conflict } => CommandResult.AlreadyMember,
        Outcome<MoveAnswer>.Refused { Kind: Refusal.NotAllowed } => CommandResult.Banned,
        _ => CommandResult.BadToken,
    };

    private static CommandResult Decided(Outcome<HeldLink> outcome) => outcome switch
    {
        Outcome<HeldLink>.Done({ Decision: HeldDecision.Accept }) => CommandResult.Accepted,
        Outcome<HeldLink>.Done({ Decision: HeldDecision.Reject }) => CommandResult.Rejected,
        Outcome<HeldLink>.Done => CommandResult.Discarded,
        Outcome<HeldLink>.Refused { Kind: Refusal.Conflict } => CommandResult.DecidedBefore,
        _ => CommandResult.BadToken,
    };

    private static CommandResult Decided(Outcome<JoinLink> outcome) => outcome switch
    {
        Outcome<JoinLink>.Done({ Verdict: JoinVerdict.Accept }) => CommandResult.JoinAccepted,
        Outcome<JoinLink>.Done({ Verdict: JoinVerdict.Refuse }) => CommandResult.JoinRefused,
        Outcome<JoinLink>.Done => CommandResult.JoinBanned,
        Outcome<JoinLink>.Refused { Kind: Refusal.Conflict } => CommandResult.JoinDecidedBefore,
        _ => CommandResult.BadToken,
    };

    private CommandResult Redeemed(Outcome<Confirmed> outcome)
    {
        if (outcome is not Outcome<Confirmed>.Done(var confirmed))
        {
            return outcome is Outcome<Confirmed>.Refused { Kind: Refusal.NotAllowed } ? NotAllowed : CommandResult.BadToken;
        }

        if (confirmed.IsWaiting)
        {
            return CommandResult.Waits;
        }

        if (confirmed.Kind is ConfirmationKind.Set)
        {
            return confirmed.IsChanged ? CommandResult.Changed : CommandResult.NotMember;
        }

        var isJoin = confirmed.Kind is ConfirmationKind.Join;
        if (!confirmed.IsChanged)
        {
            return isJoin ? CommandResult.AlreadyMember : CommandResult.NotMember;
        }

        _notices.Add((isJoin ? NoticeKind.Welcome : NoticeKind.Goodbye, new NoticeFacts(confirmed.List, confirmed.Address)));
        return isJoin ? CommandResult.Joined : CommandResult.Left;
    }
}
