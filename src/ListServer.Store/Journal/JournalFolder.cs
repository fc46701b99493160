using System.Globalization;

namespace ListServer.Store.Journal;

/// <summary>The journal's segments on disk: files named by the sequence number of their first record.</summary>
internal static class JournalFolder
{
    private const string Extension = ".journal";

    public static string SegmentPath(string folder, long first) =>
        Path.Combine(folder, first.ToString("D19", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The segments' first numbers and paths, oldest first.</summary>
    public static List<(long First, string Path)> Segments(string folder)
    {
        var segments = new List<(long First, string Path)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            if (long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var first))
            {
                segments.Add((first, path));
            }
        }

        segments.Sort();
        return segments;
    }
}
