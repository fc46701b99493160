namespace ListServer.Soak;

/// <summary>What is done to a server, and what must come out.</summary>
/// <param name="Name">For --only.</param>
/// <param name="RunAsync">Does it in a folder, so often or so long as asked; answers what was wrong, empty when nothing.</param>
internal sealed record Scenario(string Name, Func<string, int, TextWriter, Task<IReadOnlyList<string>>> RunAsync)
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("kills", Kills.RunAsync),
        new("announcements", AnnouncedKills.RunAsync),
        new("hosts", HostileHosts.RunAsync),
        new("dns", SilentDns.RunAsync),
        new("disk", FullDisk.RunAsync),
    ];
}
