namespace ListServer.Lists.Cooking;

/// <summary>What every step may ask.</summary>
internal sealed record Recipe(MailingList List, Post Post, PrepareOptions Options);

/// <summary>One thing that the list does to a post.</summary>
/// <param name="Name">Its name: lower case, hyphens.</param>
/// <param name="IsDecoration">True for what a list may leave undone, so that the author's signature survives (row 13).</param>
/// <param name="Apply">Answers the same draft when there is nothing to do.</param>
internal sealed record Step(string Name, bool IsDecoration, Func<Draft, Recipe, Draft> Apply);
