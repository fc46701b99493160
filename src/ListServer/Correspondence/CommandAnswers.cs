using System.Collections.Immutable;
using ListServer.Admin;
using ListServer.Admin.Archiving;
using ListServer.Admin.Lists;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Archiving;
using ListServer.Lists.Commands;
using ListServer.Lists.Notices;

namespace ListServer.Correspondence;

/// <summary>Answers the commands that only ask: what an author may hear depends on who they certainly are.</summary>
internal sealed class CommandAnswers(MailingList list, string author, Authority authority, LocalDesk desk)
{
    private const int MostLists = 200;

    /// <summary>The author's subscription, once a command was about it.</summary>
    public Member? Member { get; set; }

    /// <summary>Messages of the archive that go with the answer.</summary>
    public List<byte[]> Attached { get; } = [];

    /// <summary>What one command is answered.</summary>
    public async Task<CommandOutcome> OfAsync(Command command, CancellationToken cancellationToken) => command switch
    {
        Command.Help => new CommandOutcome(command.Text, CommandResult.Help),
        Command.Info => new CommandOutcome(command.Text, CommandResult.Info),
        Command.Show => new CommandOutcome(command.Text, await ShowAsync(cancellationToken)),
        Command.BadWish => new CommandOutcome(command.Text, CommandResult.BadSetting),
        Command.Who => await WhoAsync(command, cancellationToken),
        Command.Lists => Named(command, CommandResult.Lists, await desk.RunAsync(new BrowseNamedLists(list.Domain), cancellationToken)),
        Command.Which => Named(command, CommandResult.Which, await desk.RunAsync(new BrowseListsOf(author), cancellationToken)),
        Command.Index index => Indexed(index, await desk.RunAsync(new ReadIndexByMail(list.Address, author, authority is Authority.Acting, index.Month), cancellationToken)),
        Command.Fetch get => await GetAsync(get, cancellationToken),
        _ => new CommandOutcome(command.Text, CommandResult.Unknown),
    };

    private static CommandOutcome Indexed(Command command, Outcome<IReadOnlyList<ArchiveEntry>> outcome) => outcome switch
    {
        Outcome<IReadOnlyList<ArchiveEntry>>.Done(var entries) => new CommandOutcome(command.Text, CommandResult.Index)
        {
            Lines = [.. entries.Select(entry => FormattableString.Invariant($"{entry.Date:yyyy-MM-dd} {entry.Hash} {entry.Subject} ({entry.AuthorName})"))],
        },
        Outcome<IReadOnlyList<ArchiveEntry>>.Refused { Kind: Refusal.Invalid } => new CommandOutcome(command.Text, CommandResult.Unknown),
        _ => new CommandOutcome(command.Text, CommandResult.ArchiveClosed),
    };

    // One mail has one answer: what the first command brings is enough.
    private async Task<CommandOutcome> GetAsync(Command.Fetch command, CancellationToken cancellationToken)
    {
        if (Attached.Count > 0)
        {
            return new CommandOutcome(command.Text, CommandResult.Messages) { Lines = command.Messages };
        }

        if (await desk.RunAsync(new GetByMail(list.Address, author, authority is Authority.Acting, command.Messages), cancellationToken) is not Outcome<ArchivedByMail>.Done(var messages))
        {
            return new CommandOutcome(command.Text, CommandResult.ArchiveClosed);
        }

        Attached.AddRange(messages.Found);
        return new CommandOutcome(command.Text, CommandResult.Messages) { Lines = messages.Missing };
    }

    private async Task<CommandResult> ShowAsync(CancellationToken cancellationToken)
    {
        Member = await desk.RunAsync(new ShowMember(list.Address, author), cancellationToken) is Outcome<MemberDetail>.Done(var detail) ? detail.Member : null;
        return Member is null ? CommandResult.NotMember : CommandResult.Preferences;
    }

    private async Task<CommandOutcome> WhoAsync(Command command, CancellationToken cancellationToken) =>
        await desk.RunAsync(new ReadRoster(list.Address, author, authority is Authority.Acting), cancellationToken) is Outcome<RosterAnswer>.Done(var roster)
            ? new CommandOutcome(command.Text, CommandResult.Roster)
            {
                Lines =
                [
                    .. roster.Members.Select(member => member.DisplayName.Length > 0 ? $"{member.DisplayName} <{member.Address}>" : member.Address),
                    .. Rest(roster.Count - roster.Members.Count),
                ],
            }
            : new CommandOutcome(command.Text, CommandResult.RosterClosed);

    private static CommandOutcome Named(Command command, CommandResult result, Outcome<IReadOnlyList<MailingList>> outcome)
    {
        var lists = outcome is Outcome<IReadOnlyList<MailingList>>.Done(var found) ? found : [];
        ImmutableArray<string> lines =
        [
            .. lists.Take(MostLists).Select(named => named.Description.Length > 0 ? $"{named.Address}: {named.Description}" : named.Address),
            .. Rest(lists.Count - MostLists),
        ];
        return new CommandOutcome(command.Text, result is CommandResult.Which && lines.Length == 0 ? CommandResult.NotMember : result) { Lines = lines };
    }

    private static IEnumerable<string> Rest(int more) => more > 0 ? [FormattableString.Invariant($"… +{more}")] : [];
}
