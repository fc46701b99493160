using ListServer.Store.People;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>A program asks for something under a name of its own.</summary>
public sealed record RepeatBegun(Repeat Repeat) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.Repeat(Repeat.Name), Repeat);
}

/// <summary>It was answered.</summary>
public sealed record RepeatAnswered(string Name, KeptAnswer Answer) : Change
{
    internal override void ApplyTo(Draft draft)
    {
        if (draft.Find<Repeat>(TableKey.Repeat(Name)) is { } repeat)
        {
            draft.Put(TableKey.Repeat(Name), repeat with { Answer = Answer });
        }
    }
}

/// <summary>It was not done, and may be asked for anew.</summary>
public sealed record RepeatForgotten(string Name) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.Repeat(Name));
}
