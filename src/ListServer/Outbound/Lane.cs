namespace ListServer.Outbound;

/// <summary>
/// What shares one limit of connections: a destination domain, or all that goes to the smarthost. It begins with one connection, gets one
/// more for each round that went well, and half of them when a round did not.
/// </summary>
/// <remarks>Guarded by the delivery loop.</remarks>
internal sealed class Lane(string name, int most)
{
    private int _allowed = 1;

    public string Name => name;

    /// <summary>How many couriers are on it.</summary>
    public int Active { get; private set; }

    public bool HasRoom => Active < _allowed;

    /// <summary>True when nothing is known of it that a new one would not know.</summary>
    public bool IsBlank => Active == 0 && _allowed == 1;

    public void Enter() => Active++;

    public void Leave(bool wentWell)
    {
        Active--;
        _allowed = wentWell ? Math.Min(most, _allowed + 1) : Math.Max(1, _allowed / 2);
    }
}
