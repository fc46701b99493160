using Microsoft.Extensions.Logging;

namespace ListServer.Store;

/// <summary>What was found damaged: kept in a folder of its own for those who want to look, with an alert, and out of everybody's way.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class Damage(string folder, TimeProvider time, ILogger logger)
{
    private int _count;

    /// <summary>True once anything was found: then nothing is removed as unreferenced, for the reference may be what was lost.</summary>
    public bool IsFound => Volatile.Read(ref _count) > 0;

    /// <summary>Raises an alert.</summary>
    public void Report(string what)
    {
        Interlocked.Increment(ref _count);
        LogDamage(what);
    }

    /// <summary>Keeps octets that could not be read.</summary>
    public void SetAside(string name, ReadOnlySpan<byte> octets, string what)
    {
        var path = Place(name);
        File.WriteAllBytes(path, octets);
        Report($"{what}; set aside as {path}.");
    }

    /// <summary>Moves a file that can't be used; a missing file is nothing.</summary>
    public void SetAsideFile(string file, string what)
    {
        if (File.Exists(file))
        {
            var path = Place(Path.GetFileName(file));
            File.Move(file, path, overwrite: true);
            Report($"{what}; set aside as {path}.");
        }
    }

    /// <summary>Keeps what an interrupted write left at the journal's end: no damage, as nothing in it was ever acknowledged.</summary>
    public void KeepTornEnd(string file, ReadOnlySpan<byte> octets)
    {
        var path = Place(Path.GetFileName(file) + "-end");
        File.WriteAllBytes(path, octets);
        LogTornEnd(octets.Length, file, path);
    }

    private string Place(string name)
    {
        StoreFolders.Make(folder);
        var safe = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        return Path.Combine(folder, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss}-{(safe.Length > 100 ? safe[..100] : safe)}");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An unfinished record of {Octets} octets was cut from the end of {File}; kept as {Kept}")]
    private partial void LogTornEnd(int octets, string file, string kept);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Damage found: {What}")]
    private partial void LogDamage(string what);
}
