using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Moderation;
using ListServer.Store.Changes;

namespace ListServer.Admin.Authors;

/// <summary>Decides what becomes of an author's posts, member or not.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The author's address, or *@DOMAIN for all of a domain.</param>
/// <param name="Action">What becomes of the posts; null takes back what was decided.</param>
public sealed record SetAuthor(string List, string Address, AuthorAction? Action) : UseCase<AuthorRule>
{
    private const string AnyAt = "*@";

    /// <inheritdoc/>
    public override async Task<Outcome<AuthorRule>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (Stored(Address.Trim(), out var error) is not { } address)
        {
            return RefusedUseCase.Invalid(error!);
        }

        var present = context.Store.AuthorRules(list.Address).FirstOrDefault(rule => rule.Address.Equals(address, StringComparison.OrdinalIgnoreCase));
        if (Action is not { } action)
        {
            if (present is null)
            {
                return RefusedUseCase.NotFound($"Nothing was decided about {address} on {list.Address}.");
            }

            await context.CommitAsync(new AuthorRuleRemoved(list.Address, address), cancellationToken);
            return present;
        }

        var rule = new AuthorRule(list.Address, address, action, context.Time.GetUtcNow(), context.Actor);
        await context.CommitAsync(new AuthorRuleSaved(rule), cancellationToken);
        return rule;
    }

    private static string? Stored(string address, out string? error)
    {
        if (address.StartsWith(AnyAt, StringComparison.Ordinal))
        {
            error = DomainName.Normalize(address[AnyAt.Length..]) is null ? $"'{address}' names no domain. Write it like *@example.org." : null;
            return error is null ? AnyAt + DomainName.Normalize(address[AnyAt.Length..]) : null;
        }

        return MemberAddress.TryParse(address, out var stored, out error) ? stored : null;
    }
}
