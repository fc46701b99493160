using ListServer.Admin.Lists;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Store.Changes;

namespace ListServer.Admin.Membership;

/// <summary>How far a request to join got.</summary>
public enum JoinState
{
    /// <summary>The address is a member now.</summary>
    Joined,

    /// <summary>It waits for a moderator.</summary>
    Waits,

    /// <summary>It was a member before.</summary>
    WasMember,
}

/// <summary>Subscribes an address that certainly asked itself, on a list that wants no confirmation; where moderators decide, it waits for them.</summary>
/// <param name="List">The posting address.</param>
/// <param name="Address">Who wants to join.</param>
/// <param name="Asker">Who wants it: the address itself, beyond doubt.</param>
public sealed record JoinNow(string List, string Address, Asker Asker) : UseCase<JoinState>
{
    /// <inheritdoc/>
    public override async Task<Outcome<JoinState>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        if (context.Store.FindList(List) is not { } list)
        {
            return MissingList.Refuse(List);
        }

        if (!MemberAddress.TryParse(Address, out var address, out var error))
        {
            return RefusedUseCase.Invalid(error!);
        }

        if (!Asker.IsAuthenticated || list.Subscription is not (SubscriptionPolicy.Open or SubscriptionPolicy.Moderate))
        {
            return RefusedUseCase.Conflict($"{address} has to confirm that it wants to join {list.Address}.");
        }

        if (Admission.Banned(context, list, address!) is { } banned)
        {
            return banned;
        }

        if (context.Store.FindMember(list.Address, address!) is not null)
        {
            return JoinState.WasMember;
        }

        // No question caps these, and an attacker proves addresses of their own domain without end.
        if (!context.Questions.TryTake(address!, Asker.ClientAddress, isAuthenticated: false))
        {
            return new RefusedUseCase(Refusal.TryLater, "Enough addresses joined from there for today. Please try again tomorrow.");
        }

        return await CommitAsync(context, list, address!, cancellationToken);
    }

    private async Task<Outcome<JoinState>> CommitAsync(AdminContext context, MailingList list, string address, CancellationToken cancellationToken)
    {
        var source = $"asked for {Asker.Evidence}";
        var outcome = Admission.IsModerated(list)
            ? Admission.Wait(context, list, address, source, "")
            : Admission.Enter(context, list, address, source, "");
        if (outcome is Outcome<Change[]>.Refused(var kind, var message))
        {
            return new RefusedUseCase(kind, message);
        }

        if (outcome is Outcome<Change[]>.Done({ Length: > 0 } changes))
        {
            await context.CommitAsync(changes, cancellationToken);
        }

        return Admission.IsModerated(list) ? JoinState.Waits : JoinState.Joined;
    }
}
