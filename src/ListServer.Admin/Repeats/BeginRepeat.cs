using System.Security.Cryptography;
using System.Text;
using ListServer.Store.Changes;
using ListServer.Store.People;

namespace ListServer.Admin.Repeats;

/// <summary>What is known of something that a program asks for, perhaps again.</summary>
public enum RepeatState
{
    /// <summary>Nothing: do it, and tell the answer by <see cref="EndRepeat"/>.</summary>
    New,

    /// <summary>It was done: give the same answer.</summary>
    Answered,

    /// <summary>It is being done just now.</summary>
    UnderWay,

    /// <summary>It was begun, and the server ended before it was answered.</summary>
    Unknown,

    /// <summary>The program used the name for something else.</summary>
    OtherThing,
}

/// <summary>How to go on.</summary>
/// <param name="State">What is known.</param>
/// <param name="Name">For <see cref="EndRepeat"/>.</param>
/// <param name="Answer">Where it was answered.</param>
public sealed record RepeatStanding(RepeatState State, string Name, GivenAnswer? Answer = null);

/// <summary>An answer to a program.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="MediaType">Of its body; may be empty.</param>
/// <param name="Body">May be empty.</param>
/// <param name="Location">Where the thing is that was made; null for none.</param>
/// <param name="ETag">The state of the thing; null for none.</param>
public sealed record GivenAnswer(int Status, string MediaType, byte[] Body, string? Location, string? ETag);

/// <summary>Takes down what a program asks for before it is done, so that a second request under the same name does nothing twice, whatever happens in between.</summary>
/// <param name="Token">The program's token.</param>
/// <param name="Key">The program's own name for it.</param>
/// <param name="Fingerprint">A hash of what it asks for.</param>
public sealed record BeginRepeat(string Token, string Key, string Fingerprint) : UseCase<RepeatStanding>
{
    /// <inheritdoc/>
    public override async Task<Outcome<RepeatStanding>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        var name = $"{Token}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}";
        if (context.Store.FindRepeat(name) is { } repeat)
        {
            return new RepeatStanding(
                repeat.Fingerprint != Fingerprint ? RepeatState.OtherThing
                : repeat.Answer is not null ? RepeatState.Answered
                : context.RepeatsUnderWay.ContainsKey(name) ? RepeatState.UnderWay
                : RepeatState.Unknown,
                name,
                repeat.Answer is { } kept ? new GivenAnswer(kept.Status, kept.MediaType, kept.Body, kept.Location, kept.ETag) : null);
        }

        context.RepeatsUnderWay[name] = true;
        await context.CommitAsync(new RepeatBegun(new Repeat(name, Fingerprint, context.Time.GetUtcNow())), cancellationToken);
        return new RepeatStanding(RepeatState.New, name);
    }
}

/// <summary>Takes down what was answered.</summary>
/// <param name="Name">As <see cref="BeginRepeat"/> told it.</param>
/// <param name="Answer">Null for what was not done, and may be asked for anew.</param>
public sealed record EndRepeat(string Name, GivenAnswer? Answer) : UseCase<RepeatStanding>
{
    /// <inheritdoc/>
    public override async Task<Outcome<RepeatStanding>> RunAsync(AdminContext context, CancellationToken cancellationToken)
    {
        await context.CommitAsync(Answer is { } given
            ? new RepeatAnswered(Name, new KeptAnswer(given.Status, given.MediaType, given.Body, given.Location, given.ETag))
            : new RepeatForgotten(Name), cancellationToken);
        context.RepeatsUnderWay.TryRemove(Name, out _);
        return new RepeatStanding(Answer is null ? RepeatState.New : RepeatState.Answered, Name, Answer);
    }
}

/// <summary>Something went wrong: nobody knows whether it was done.</summary>
/// <param name="Name">As <see cref="BeginRepeat"/> told it.</param>
public sealed record AbandonRepeat(string Name) : Query<RepeatStanding>
{
    /// <inheritdoc/>
    protected override Outcome<RepeatStanding> Look(AdminContext context)
    {
        context.RepeatsUnderWay.TryRemove(Name, out _);
        return new RepeatStanding(RepeatState.Unknown, Name);
    }
}
