namespace ListServer.Store;

/// <summary>Folders and files that only their owner may read (SEC-28).</summary>
internal static class StoreFolders
{
    public const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute;

    /// <summary>Makes the folder where it is missing.</summary>
    public static string Make(string path)
    {
        Directory.CreateDirectory(path, FolderMode);
        return path;
    }

    /// <summary>Makes folders inside a folder, and returns once all of them are there to stay.</summary>
    public static void MakeAll(IDisk disk, string folder, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            Make(Path.Combine(folder, name));
        }

        disk.SyncFolder(folder);
    }

    public static FileStreamOptions Options(System.IO.FileMode mode, FileAccess access, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (mode is not (System.IO.FileMode.Open or System.IO.FileMode.Truncate))
        {
            options.UnixCreateMode = FileMode;
        }

        return options;
    }

    /// <summary>Writes a small file so that after a crash either all of it or none of it stands there.</summary>
    public static void WriteWhole(IDisk disk, string path, ReadOnlySpan<byte> octets)
    {
        var temporary = path + ".tmp";
        using (var file = new FileStream(temporary, Options(System.IO.FileMode.Create, FileAccess.Write)))
        {
            disk.Write(file.SafeFileHandle, octets, 0);
            disk.Sync(file.SafeFileHandle);
        }

        disk.Move(temporary, path);
        disk.SyncFolder(Path.GetDirectoryName(path)!);
    }
}
