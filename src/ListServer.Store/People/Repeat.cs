namespace ListServer.Store.People;

/// <summary>Something that a program asked for under a name of its own, so that it can ask again without having it done twice.</summary>
/// <param name="Name">Whose, and the program's name for it.</param>
/// <param name="Fingerprint">A hash of what was asked for: another thing needs another name.</param>
/// <param name="At">When it was first asked for.</param>
/// <param name="Answer">What was answered; null when it was begun, and nobody knows more.</param>
public sealed record Repeat(string Name, string Fingerprint, DateTimeOffset At, KeptAnswer? Answer = null)
{
    /// <summary>How long an answer is given again.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(1);
}

/// <summary>An answer to a program.</summary>
/// <param name="Status">Its HTTP status.</param>
/// <param name="MediaType">Of its body; may be empty.</param>
/// <param name="Body">May be empty.</param>
/// <param name="Location">Where the thing is that was made; null for none.</param>
/// <param name="ETag">The state of the thing; null for none.</param>
public sealed record KeptAnswer(int Status, string MediaType, byte[] Body, string? Location, string? ETag);
