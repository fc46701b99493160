namespace ListServer.Store;

/// <summary>The store can't do what was asked; the message says why and what helps.</summary>
public class StoreException : IOException
{
    /// <summary>With a message for the person who runs the server.</summary>
    public StoreException(string message)
        : base(message)
    {
    }

    /// <summary>With a message for the person who runs the server, and what lies behind it.</summary>
    public StoreException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}

/// <summary>Another process holds the data folder.</summary>
public sealed class StoreInUseException : StoreException
{
    /// <summary>With the folder's path.</summary>
    public StoreInUseException(string folder, Exception inner)
        : base($"The data folder {folder} is in use by another process. Is `listserver serve` running?", inner)
    {
    }
}

/// <summary>The files of the store are damaged beyond what the journal and the copy can mend.</summary>
public sealed class StoreDamagedException : StoreException
{
    /// <summary>With what is damaged.</summary>
    public StoreDamagedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
