namespace ListServer.Store;

/// <summary>Where the store stands and how much it lets pile up.</summary>
/// <param name="Folder">The data folder; made when missing, readable by its owner only.</param>
public sealed record StoreOptions(string Folder)
{
    /// <summary>How many octets of journal may pile up before the tables are copied and the journal is cut. Start reads at most about this much.</summary>
    public long CheckpointOctets { get; init; } = 32 << 20;

    /// <summary>Free octets that the tables never eat into, so that the journal can still grow when the disk is nearly full.</summary>
    public long ReserveOctets { get; init; } = 16 << 20;

    /// <summary>How long a Message-ID counts as recent.</summary>
    public TimeSpan MessageIdMemory { get; init; } = TimeSpan.FromDays(4);

    /// <summary>What the keys are encrypted with on disk; empty for keys in plain text.</summary>
    public string KeySecret { get; init; } = "";

    /// <summary>The folder; never the secret.</summary>
    public override string ToString() => Folder;

    internal string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Folder, .. parts]);
}
