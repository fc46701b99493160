namespace ListServer.Admin;

/// <summary>Why a use case was not done.</summary>
public enum Refusal
{
    /// <summary>What was asked for makes no sense as written.</summary>
    Invalid,

    /// <summary>What it is about does not exist.</summary>
    NotFound,

    /// <summary>The present state forbids it: it exists already, or somebody was quicker.</summary>
    Conflict,

    /// <summary>The actor may not do it.</summary>
    NotAllowed,

    /// <summary>It may work later.</summary>
    TryLater,
}

/// <summary>How a use case ended: with an answer, or refused with words for the person who asked.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
public abstract record Outcome<T>
{
    private Outcome()
    {
    }

    /// <summary>Done.</summary>
    public sealed record Done(T Answer) : Outcome<T>;

    /// <summary>Not done, and nothing half-done.</summary>
    public sealed record Refused(Refusal Kind, string Message) : Outcome<T>
    {
        /// <summary>The property of the use case that is wrong, as in its name; null where it is not one alone.</summary>
        public string? Field { get; init; }
    }

    /// <summary>Wraps an answer.</summary>
    public static implicit operator Outcome<T>(T answer) => new Done(answer);

    /// <summary>Carries a refusal into any answer's type.</summary>
    public static implicit operator Outcome<T>(RefusedUseCase refused) => new Refused(refused.Kind, refused.Message) { Field = refused.Field };
}

/// <summary>Makes outcomes.</summary>
public static class Outcome
{
    /// <summary>Wraps an answer whose type C# can't convert by itself: an interface.</summary>
    public static Outcome<T> Done<T>(T answer) => new Outcome<T>.Done(answer);
}

/// <summary>A refusal on its way into an <see cref="Outcome{T}"/>.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Message">What, why, and what to do now.</param>
public sealed record RefusedUseCase(Refusal Kind, string Message)
{
    /// <summary>See <see cref="Outcome{T}.Refused.Field"/>.</summary>
    public string? Field { get; init; }

    internal static RefusedUseCase Invalid(string message) => new(Refusal.Invalid, message);

    internal static RefusedUseCase Invalid(string field, string message) => new(Refusal.Invalid, message) { Field = field };

    internal static RefusedUseCase NotFound(string message) => new(Refusal.NotFound, message);

    internal static RefusedUseCase NotAllowed(string message) => new(Refusal.NotAllowed, message);

    internal static RefusedUseCase Conflict(string message) => new(Refusal.Conflict, message);
}
