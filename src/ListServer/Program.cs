using System.CommandLine;
using ListServer.Commands;

var root = new RootCommand("ListServer: a mailing-list manager whose posts arrive.")
{
    ServeCommand.Build(),
    DemoCommand.Build(),
    DomainCommand.Build(),
    ListCommand.Build(),
    MemberCommand.Build(),
    HeldCommand.Build(),
    QueueCommand.Build(),
    TraceCommand.Build(),
    KeyCommand.Build(),
    AccountCommand.Build(),
    VerifyCommand.Build(),
    SealCommand.Build(),
};
root.Add(Shared.Data);
root.Add(Shared.Json);

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine("'listserver --help' shows what can be said.");
    return ExitCode.Usage;
}

return await parsed.InvokeAsync();
