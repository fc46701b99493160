using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;

namespace ListServer.Admin.Members;

/// <summary>Changes how a member receives a list and what they may do there; what is null stays. Posts that wait in the queue already still come.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">The member's address.</param>
public sealed record SetMember(string List, string Address) : UseCase<Member>
{
    private const int LongestName = 100;

    /// <summary>How posts come.</summary>
    public DeliveryChoice? Delivery { get; init; }

    /// <summary>The end of a pause; for <see cref="DeliveryChoice.Paused"/> only, and needed there.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>See <see cref="Member.OwnCopies"/>.</summary>
    public bool? OwnCopies { get; init; }

    /// <summary>See <see cref="Member.AvoidsDuplicates"/>.</summary>
    public bool? AvoidsDuplicates { get; init; }

    /// <summary>What the member may do.</summary>
    public MemberRole? Role { get; init; }

    /// <summary>As given; may be empty.</summary>
    public string? DisplayName { get; init; }

    /// <summary>What a member wants of their own.</summary>
    public static SetMember Of(string list, string address, Preferences preferences)
    {
        ArgumentNullException.ThrowIfNull(preferences);
        return new SetMember(list, address)
        {
            Delivery = preferences.Delivery,
            Until = preferences.Until,
            OwnCopies = preferences.OwnCopies,
            AvoidsDuplicates = preferences.AvoidsDuplicates,
        };
    }

    /// <inheritdoc/>
    public override async Task<Outcome<Member>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (context.Store.FindMember(list.Address, Address.Trim()) is not { } present)
        {
            return RefusedUseCase.NotFound($"{Address} is not on {list.Address}.");
        }

        if (Problem(context.Time.GetUtcNow()) is { } problem)
        {
            return RefusedUseCase.Invalid(problem);
        }

        var member = Wanted.ApplyTo(present) with
        {
            Role = Role ?? present.Role,
            DisplayName = DisplayName?.Trim() ?? present.DisplayName,
        };
        if (member != present)
        {
            await context.CommitAsync([new MembersSaved(list.Address, [member])], cancellationToken);
        }

        return member;
    }

    private Preferences Wanted => new(Delivery, Until, OwnCopies, AvoidsDuplicates);

    private string? Problem(DateTimeOffset now) => DisplayName switch
    {
        _ when this == new SetMember(List, Address) => "Nothing was named that is to change.",
        { Length: > LongestName } => $"The name is longer than {LongestName} characters.",
        { } name when name.Any(char.IsControl) => "A name can't hold line breaks or control characters.",
        _ => Wanted.Problem(now),
    };
}
