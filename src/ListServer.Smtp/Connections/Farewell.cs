namespace ListServer.Smtp;

/// <summary>Why a session was sent away from outside.</summary>
internal enum Farewell
{
    None,
    Timeout,
    Overload,
    Shutdown,
}
