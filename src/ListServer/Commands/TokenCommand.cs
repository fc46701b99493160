using System.CommandLine;
using System.Globalization;
using ListServer.Admin.Tokens;

namespace ListServer.Commands;

/// <summary>listserver token …</summary>
internal static class TokenCommand
{
    private static readonly Option<string?> Whose = new("--of") { Description = "Of one person; otherwise everybody's.", HelpName = "ADDRESS" };

    public static Command Build() => new("token", "Tokens by which programs act for somebody at the API.") { Create(), List(), Revoke() };

    private static Command Create()
    {
        var address = new Argument<string>("ADDRESS") { Description = "For whom it acts: never for more than they may themselves." };
        var name = new Option<string>("--name") { Description = "What it is for.", Required = true };
        var scopes = new Option<string[]>("--scope") { Description = $"What it may be used for, once or more: {string.Join(' ', Scope.All)}.", Required = true, AllowMultipleArgumentsPerToken = true };
        var lists = new Option<string[]>("--list") { Description = "Only for this list; may be given more than once.", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int>("--days") { Description = "How long it opens anything, 1 to 730.", DefaultValueFactory = _ => 90 };
        var create = new Command("create", Shared.WithExamples(
            "Makes a token and prints it: it is shown now, and never again.",
            "token create olive@example.org --name \"nightly sync\" --scope members:read members:write --list talk@lists.example.org"))
        {
            address, name, scopes, lists, days,
        };
        create.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new CreateToken(parse.GetValue(address)!, parse.GetValue(name)!, [.. parse.GetValue(scopes) ?? []], [.. parse.GetValue(lists) ?? []], parse.GetValue(days)),
            (made, output) => output.WriteLine(Shown.Line($"{made.Secret}")),
            cancellationToken));
        return create;
    }

    private static Command List()
    {
        var list = new Command("list", "Names tokens, and when they were last used.") { Whose };
        list.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new BrowseTokens(parse.GetValue(Whose)),
            (tokens, output) =>
            {
                foreach (var token in tokens)
                {
                    var used = token.LastUsedAt is { } at ? $"used {Day(at)} from {token.LastClient}" : "never used";
                    output.WriteLine(Shown.Line($"{token.Id}\t{token.Address}\t{token.Name}\tuntil {Day(token.ExpiresAt)}\t{used}\t{string.Join(' ', token.Scopes)}\t{string.Join(' ', token.Lists)}"));
                }
            },
            cancellationToken));
        return list;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "As 'token list' tells it." };
        var revoke = new Command("revoke", Shared.WithExamples("Ends a token at once.", "token revoke 01jd3q2m8r0000000000000000")) { id };
        revoke.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse, new RevokeToken(parse.GetValue(id)!), (token, output) => output.WriteLine(Shown.Line($"The token {token.Name} of {token.Address} opens nothing any more.")), cancellationToken));
        return revoke;
    }

    private static string Day(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
