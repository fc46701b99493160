using System.CommandLine;
using System.CommandLine.Invocation;

namespace ListServer.Commands;

/// <summary>The whole command line.</summary>
internal static class CommandTree
{
    public static RootCommand Build()
    {
        var root = new RootCommand("ListServer: a mailing-list manager whose posts arrive.")
        {
            ServeCommand.Build(),
            DemoCommand.Build(),
            LoadCommand.Build(),
            DomainCommand.Build(),
            DnsCommand.Build(),
            ListCommand.Build(),
            MemberCommand.Build(),
            BanCommand.Build(),
            TemplateCommand.Build(),
            PostCommand.Build(),
            UndoCommand.Build(),
            HeldCommand.Build(),
            AuthorCommand.Build(),
            IncidentCommand.Build(),
            StrictCommand.Build(),
            DmarcCommand.Build(),
            DmarcConsentCommand.Build(),
            DmarcReportCommand.Build(),
            AnnounceCommand.Build(),
            ArchiveCommand.Build(),
            QueueCommand.Build(),
            ReportCommand.Build(),
            TraceCommand.Build(),
            KeyCommand.Build(),
            AccountCommand.Build(),
            UserCommand.Build(),
            TokenCommand.Build(),
            WebhookCommand.Build(),
            VerifyCommand.Build(),
            SealCommand.Build(),
        };
        root.Add(Shared.Data);
        root.Add(Shared.Json);
        return root;
    }

    /// <summary>Does what the arguments say; answers the exit code.</summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        // An argument that begins with "@" is an address or a source route, never a file of more arguments.
        var parsed = Build().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction misunderstood)
        {
            // It names what was not understood, and what is spelled nearly so.
            misunderstood.ShowHelp = false;
            await parsed.InvokeAsync(new InvocationConfiguration { Output = error, Error = error });
            await error.WriteLineAsync("'listserver --help' shows what can be said.");
            return ExitCode.Usage;
        }

        // A server that was told to stop has that long for the sessions it has open.
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
    }
}
