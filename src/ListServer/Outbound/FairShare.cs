namespace ListServer.Outbound;

/// <summary>
/// Who may have one more of all the connections there are. Nobody gets more than an equal part while others are busy too, and a quarter is
/// kept for lanes that took copies lately and have no courier out: so neither a slow destination nor a crowd of dead ones holds up the others.
/// </summary>
/// <param name="Most">All connections.</param>
/// <param name="InUse">Those in use.</param>
/// <param name="BusyLanes">Lanes with a courier out.</param>
internal readonly record struct FairShare(int Most, int InUse, int BusyLanes)
{
    private int Kept => Most / 4;

    /// <summary>True when a lane may send out one more courier.</summary>
    /// <param name="active">How many it has out.</param>
    /// <param name="isProven">True when it took copies lately.</param>
    public bool Admits(int active, bool isProven)
    {
        var free = Most - InUse;
        return active == 0
            ? free > (isProven ? 0 : Kept)
            : free > Kept && active < (Most - Kept + BusyLanes - 1) / BusyLanes;
    }
}
