using ListServer.Admin.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;

namespace ListServer.Admin.Bans;

/// <summary>Lifts a ban.</summary>
/// <param name="Pattern">As it was set.</param>
/// <param name="List">That on one list, by its posting address, or null for that on all.</param>
public sealed record RemoveBan(string Pattern, string? List = null) : UseCase<Ban>
{
    /// <inheritdoc/>
    public override async Task<Outcome<Ban>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var list = List is null ? "" : context.Store.FindList(List)?.Address;
        if (list is null)
        {
            return MissingList.Refuse(List!);
        }

        if (!BanPattern.TryParse(Pattern, out var pattern, out var error))
        {
            return RefusedUseCase.Invalid(error!);
        }

        if (context.Store.Bans(list).FirstOrDefault(ban => ban.Pattern == pattern) is not { } found)
        {
            return RefusedUseCase.NotFound($"{pattern} is not banned from {(list.Length == 0 ? "all lists" : list)}.");
        }

        await context.CommitAsync(new BanRemoved(list, found.Pattern), cancellationToken);
        return found;
    }
}
