using ListServer.Lists.Moderation;
using ListServer.Store.Tables;

namespace ListServer.Store.Changes;

/// <summary>What becomes of an author's posts is decided, or decided anew.</summary>
public sealed record AuthorRuleSaved(AuthorRule Rule) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Put(TableKey.AuthorRule(Rule.List, Rule.Address), Rule);
}

/// <summary>An author's posts are treated as everybody's.</summary>
public sealed record AuthorRuleRemoved(string List, string Address) : Change
{
    internal override void ApplyTo(Draft draft) => draft.Remove(TableKey.AuthorRule(List, Address));
}
