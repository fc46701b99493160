using System.CommandLine;
using ListServer.Admin.Accounts;

namespace ListServer.Commands;

/// <summary>listserver account …</summary>
internal static class AccountCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "The account's name." };

    public static Command Build() => new("account", "Accounts for submission (SMTP AUTH).") { Add(), Remove(), Show() };

    private static Command Add()
    {
        var addresses = new Option<string[]>("--address")
        {
            Description = "An address that the account may write in From; may be given more than once.",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var add = new Command("add", Shared.WithExamples("Makes an account, or sets its password, read from standard input.", "account add ken --address ken@example.org < password.txt"))
        {
            Name, addresses,
        };
        add.SetAction(async (parse, cancellationToken) =>
        {
            var password = await Console.In.ReadLineAsync(cancellationToken) ?? "";
            return await Shared.RunAsync(
                parse,
                new AddAccount(parse.GetValue(Name)!, password, parse.GetValue(addresses)!),
                (account, output) => output.WriteLine(Shown.Line($"{account.Name} may submit as {string.Join(", ", account.Addresses)}.")),
                cancellationToken);
        });
        return add;
    }

    private static Command Remove()
    {
        var remove = new Command("remove", "Removes an account.") { Name };
        remove.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new RemoveAccount(parse.GetValue(Name)!), (account, output) => output.WriteLine(Shown.Line($"{account.Name} is gone.")), cancellationToken));
        return remove;
    }

    private static Command Show()
    {
        var show = new Command("list", "Names the accounts.");
        show.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseAccounts(),
            (accounts, output) =>
            {
                foreach (var account in accounts)
                {
                    output.WriteLine(Shown.Line($"{account.Name}\t{string.Join(", ", account.Addresses)}"));
                }
            },
            cancellationToken));
        return show;
    }
}
