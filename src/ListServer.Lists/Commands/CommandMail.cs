using System.Collections.Immutable;
using ListServer.MailAuth;

namespace ListServer.Lists.Commands;

/// <summary>What a mail to one of a list's command addresses asks for.</summary>
/// <param name="Commands">In their order, each once; unknown lines among them.</param>
/// <param name="IsCut">True when there was more than one mail may hold; the rest was not read.</param>
public sealed record CommandMail(ImmutableArray<Command> Commands, bool IsCut)
{
    /// <summary>How many commands one mail may hold.</summary>
    public const int MaxCommands = 10;

    private const int MaxUnknown = 5;

    /// <summary>
    /// Reads it. The address alone says what mail to -join, -leave and -confirm+token asks for; -request reads the subject and the first lines.
    /// </summary>
    /// <param name="address">Where it was sent; one of those four.</param>
    /// <param name="message">The message. It has passed <see cref="PreCheck"/>.</param>
    /// <param name="author">The address in From.</param>
    /// <exception cref="ArgumentException">The address takes no commands.</exception>
    public static CommandMail Read(ListAddress address, RawMessage message, string author) => address switch
    {
        ListAddress.Join => new([new Command.Join("join")], false),
        ListAddress.Leave => new([new Command.Leave("leave")], false),
        ListAddress.Confirm confirm => new([new Command.Confirm("confirm", confirm.Token)], false),
        ListAddress.Request request => new Reading(request.List, author).Read(PostContent.Read(message).Subject, CommandText.Lines(message)),
        _ => throw new ArgumentException($"{address} takes no commands.", nameof(address)),
    };

    private sealed class Reading(MailingList list, string author)
    {
        private readonly List<Command> _commands = [];
        private int _unknown;
        private bool _isCut;

        public CommandMail Read(string subject, IEnumerable<string> lines)
        {
            var bare = CommandLine.Bare(subject);
            var first = bare.Length == 0 ? null : CommandLine.Read(bare, list, author);
            var isInSubject = first is not (null or Command.Unknown);
            if (isInSubject)
            {
                _commands.Add(first!);
            }

            foreach (var line in lines)
            {
                if (CommandLine.IsEnd(line) || _isCut || !Take(CommandLine.Read(line, list, author), isInSubject))
                {
                    break;
                }
            }

            // "Question about the list" over a text of commands is just a subject.
            if (first is Command.Unknown && _commands.All(c => c is Command.Unknown))
            {
                _commands.Insert(0, first);
            }

            return new CommandMail([.. _commands], _isCut);
        }

        private bool Take(Command command, bool isInSubject)
        {
            if (command is Command.Unknown)
            {
                // Behind a command in the subject, the text is for people: a greeting, a company's footer.
                if (isInSubject || ++_unknown > MaxUnknown)
                {
                    _isCut = !isInSubject;
                    return false;
                }
            }

            if (_commands.Any(c => IsSame(c, command)))
            {
                return true;
            }

            _isCut = _commands.Count == MaxCommands;
            if (!_isCut)
            {
                _commands.Add(command);
            }

            return !_isCut;
        }

        private static bool IsSame(Command a, Command b) => a is Command.Confirm or Command.Wish or Command.BadWish or Command.Unknown ? a == b : a.GetType() == b.GetType();
    }
}
