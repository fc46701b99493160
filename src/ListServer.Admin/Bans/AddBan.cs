using ListServer.Admin.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;

namespace ListServer.Admin.Bans;

/// <summary>Keeps addresses from joining and posting. Who is a member already stays one, and posts no more.</summary>
/// <param name="Pattern">An address, a domain, or a pattern with * and ?.</param>
/// <param name="List">On one list, by its posting address, or null for all.</param>
/// <param name="Reason">Why, for those who run the list; may be empty.</param>
public sealed record AddBan(string Pattern, string? List = null, string Reason = "") : UseCase<Ban>
{
    private const int Most = 10_000;
    internal const int LongestReason = 500;

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
            return RefusedUseCase.Invalid(nameof(Pattern), error!);
        }

        if (Reason.Length > LongestReason || Reason.Any(char.IsControl))
        {
            return RefusedUseCase.Invalid(nameof(Reason), $"A reason is one line of {LongestReason} characters at the most.");
        }

        var present = context.Store.Bans(list).ToList();
        if (present.Exists(ban => ban.Pattern == pattern))
        {
            return RefusedUseCase.Conflict($"{pattern} is banned already.");
        }

        if (present.Count >= Most)
        {
            return RefusedUseCase.Conflict($"There are {Most} bans already; one pattern may stand for many of them.");
        }

        var made = new Ban(list, pattern!, context.Time.GetUtcNow(), context.Actor, Reason);
        await context.CommitAsync(new BanSaved(made), cancellationToken);
        return made;
    }
}
