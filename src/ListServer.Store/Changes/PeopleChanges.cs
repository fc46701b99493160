using System.Collections.Immutable;
using ListServer.Store.People;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A user is new or different.</summary>
public sealed record UserSaved(User User) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.User(User.Address), User);
}

/// <summary>A user is gone.</summary>
public sealed record UserRemoved(string Address) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.User(Address));
}

/// <summary>A link that opens a session once was made.</summary>
public sealed record SignInLinkMade(SignInLink Link) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.SignInLink(Link.Hash), Link);
}

/// <summary>A link was used.</summary>
/// <exception cref="InvalidOperationException">It was used before.</exception>
public sealed record SignInLinkUsed(string Hash) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        var key = TableKey.SignInLink(Hash);
        _ = draft.Find(key) ?? throw new InvalidOperationException("The link was used before.");
        draft.Remove(key);
    }
}

/// <summary>Somebody signed in.</summary>
public sealed record SessionOpened(Session Session) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Session(Session.Hash), Session);
}

/// <summary>Sessions are over; those that were not open are passed over.</summary>
public sealed record SessionsClosed(ImmutableArray<string> Hashes) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        foreach (var hash in Hashes)
        {
            draft.Remove(TableKey.Session(hash));
        }
    }
}

/// <summary>A passkey is new, has another name, or was used.</summary>
public sealed record PasskeySaved(Passkey Passkey) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Passkey(Passkey.Handle, Passkey.Id), Passkey);
}

/// <summary>A passkey counts for nothing any more.</summary>
public sealed record PasskeyRemoved(string Handle, string Id) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.Passkey(Handle, Id));
}

/// <summary>A password with its codes is new, or a code was used.</summary>
public sealed record PasswordSaved(PasswordAndCode Password) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Password(Password.Address), Password);
}

/// <summary>A password signs in nobody any more.</summary>
public sealed record PasswordRemoved(string Address) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.Password(Address));
}

/// <summary>Who changed what; in the commit that changes it.</summary>
public sealed record AuditAdded(AuditEntry Entry) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Audit(Entry.Id), Entry);
}
