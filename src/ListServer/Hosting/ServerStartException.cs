namespace ListServer.Hosting;

/// <summary>The server can't start as it is configured; the message is for its operator.</summary>
internal sealed class ServerStartException : Exception
{
    public ServerStartException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
