using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ListServer.Store;

/// <summary>The few operations on which durability stands; the tests put a failing disk in its place.</summary>
internal interface IDisk
{
    /// <summary>Writes all of it.</summary>
    /// <exception cref="IOException">Also when the disk is full.</exception>
    void Write(SafeFileHandle file, ReadOnlySpan<byte> octets, long offset);

    /// <summary>Returns when the file's octets are on the disk.</summary>
    void Sync(SafeFileHandle file);

    /// <summary>Returns when the folder's entries are on the disk.</summary>
    void SyncFolder(string folder);

    /// <summary>Gives a file another name, in place of what may stand there. Safe once the folder that received it is synced.</summary>
    void Move(string from, string to);

    /// <summary>Free octets for an ordinary user.</summary>
    long FreeOctets(string folder);
}

/// <summary>The disk of this machine.</summary>
internal sealed partial class LocalDisk : IDisk
{
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> octets, long offset) => RandomAccess.Write(file, octets, offset);

    public void Sync(SafeFileHandle file) => RandomAccess.FlushToDisk(file);

    /// <remarks>.NET has no call for this, and a rename is only as safe as the folder that received it.</remarks>
    public void SyncFolder(string folder)
    {
        var descriptor = Open(folder, 0); // O_RDONLY is 0 everywhere; other flags differ by machine
        if (descriptor < 0)
        {
            throw Failure("open", folder);
        }

        try
        {
            if (SyncDescriptor(descriptor) != 0)
            {
                throw Failure("fsync", folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public void Move(string from, string to) => File.Move(from, to, overwrite: true);

    public long FreeOctets(string folder) => new DriveInfo(folder).AvailableFreeSpace;

    private static IOException Failure(string call, string folder) =>
        new($"{call} of folder {folder}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
