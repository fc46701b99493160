using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Moderation;
using ListServer.Store.Changes;

namespace ListServer.Admin.Lists;

/// <summary>Opens a list. What is null takes the default of <see cref="MailingList"/>.</summary>
/// <param name="Address">The posting address; its domain must be here.</param>
public sealed record CreateList(string Address) : UseCase<MailingList>
{
    /// <summary>The name people see; by default the local part, capitalised.</summary>
    public string? DisplayName { get; init; }

    /// <summary>Who runs it from the beginning; null for nobody yet.</summary>
    public string? Owner { get; init; }

    /// <summary>The settings to begin with.</summary>
    public ListSettings Settings { get; init; } = new();

    /// <inheritdoc/>
    public override async Task<Outcome<MailingList>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var at = Address.LastIndexOf('@');
        if (at <= 0 || DomainName.Normalize(Address[(at + 1)..]) is not { } domain)
        {
            return RefusedUseCase.Invalid(nameof(Address), $"'{Address}' is not an address. Write it like news@lists.example.org.");
        }

        var localPart = Address[..at].ToLowerInvariant();
        if (ListAddress.ProblemWithName(localPart) is { } problem)
        {
            return RefusedUseCase.Invalid(nameof(Address), problem);
        }

        if (context.Store.FindDomain(domain) is not { } home)
        {
            return RefusedUseCase.NotFound($"The domain {domain} is not here. Add it first: listserver domain add {domain}");
        }

        if (home.SendsNothing)
        {
            return RefusedUseCase.Conflict($"{domain} neither sends nor takes mail, so it has no lists. Let it first: listserver domain set {domain} --sends-nothing false");
        }

        if (context.Store.FindList($"{localPart}@{domain}") is { } existing)
        {
            return RefusedUseCase.Conflict($"{existing.Address} is here already.");
        }

        var list = new MailingList
        {
            LocalPart = localPart,
            Domain = domain,
            DisplayName = DisplayName ?? char.ToUpperInvariant(localPart[0]) + localPart[1..],
            Moderation = ModerationSettings.OfNewLists,
        };
        if (Settings.Apply(list, out var changed) is { } error)
        {
            return RefusedUseCase.Invalid(nameof(Settings), error);
        }

        if (Owner is null)
        {
            await context.CommitAsync([new ListSaved(changed)], cancellationToken);
            return changed;
        }

        if (!MemberAddress.TryParse(Owner, out var owner, out var wrong))
        {
            return RefusedUseCase.Invalid(nameof(Owner), wrong!);
        }

        var member = new Member(changed.Address, owner!, "", MemberRole.Owner, context.Time.GetUtcNow(), $"made its owner by {context.Actor}");
        await context.CommitAsync([new ListSaved(changed), new MembersSaved(changed.Address, [member])], cancellationToken);
        return changed;
    }
}
