namespace ListServer.Lists.Archiving;

/// <summary>Whether a list keeps its posts, and who may read them.</summary>
public enum ArchiveAccess
{
    /// <summary>Kept; the list's owners and the operator read it.</summary>
    Private,

    /// <summary>Kept; members read it.</summary>
    Members,

    /// <summary>Kept; anybody reads it.</summary>
    Public,

    /// <summary>Nothing is kept, and what was kept is not shown.</summary>
    Off,
}
