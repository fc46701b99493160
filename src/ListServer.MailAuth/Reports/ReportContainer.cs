using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Xml;

namespace ListServer.MailAuth.Reports;

/// <summary>Opens what a report comes in: gzip, zip, or nothing. Octets decide, not names: senders label them as they like.</summary>
internal static class ReportContainer
{
    /// <summary>Opens a container for reading within the limits.</summary>
    /// <param name="octets">The container.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="delimiter">An octet that must stand somewhere in every 64 KiB, or null.</param>
    /// <param name="content">The document, or null. Reading it throws <see cref="InvalidDataException"/> with a reason.</param>
    /// <param name="problem">Why there is none, or null.</param>
    public static bool TryOpen(
        ReadOnlyMemory<byte> octets, ReportLimits limits, byte? delimiter, [NotNullWhen(true)] out Stream? content, [NotNullWhen(false)] out string? problem)
    {
        content = null;
        problem = octets.Length > limits.MaxOctets ? $"The file has more than {limits.MaxOctets} octets." : octets.IsEmpty ? "The file is empty." : null;
        if (problem is not null)
        {
            return false;
        }

        var inner = octets.Span switch
        {
            [0x1F, 0x8B, ..] => new GZipStream(Over(octets), CompressionMode.Decompress),
            [(byte)'P', (byte)'K', ..] => OpenZip(octets, out problem),
            _ => Over(octets),
        };
        content = inner is null ? null : new BoundedStream(inner, octets.Length, limits, delimiter);
        problem = content is null ? problem ?? "The zip file can't be read." : null;
        return content is not null;
    }

    /// <summary>Reads the document in a container. Whatever the octets are, the answer is a report or a reason.</summary>
    /// <param name="octets">The container.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="delimiter">An octet that must stand somewhere in every 64 KiB, or null.</param>
    /// <param name="read">Reads the document: the report, and why there is none.</param>
    /// <param name="report">The report, or null.</param>
    /// <param name="problem">Why there is none, or null.</param>
    public static bool TryRead<T>(
        ReadOnlyMemory<byte> octets,
        ReportLimits limits,
        byte? delimiter,
        Func<Stream, (T? Report, string? Problem)> read,
        [NotNullWhen(true)] out T? report,
        [NotNullWhen(false)] out string? problem)
        where T : class
    {
        report = null;
        if (!TryOpen(octets, limits, delimiter, out var content, out problem))
        {
            return false;
        }

        using (content)
        {
            try
            {
                (report, problem) = read(content);
            }
            catch (XmlException e)
            {
                problem = $"The XML can't be read: {ShownText.Of(e.Message)}";
            }
            catch (JsonException e)
            {
                problem = $"The JSON can't be read: {ShownText.Of(e.Message)}";
            }
            catch (InvalidDataException e)
            {
                problem = e.Message;
            }
        }

        report = problem is null ? report : null;
        problem = report is null ? problem ?? "The file is no report." : null;
        return report is not null;
    }

    /// <summary>
    /// Opens the first entry of a zip file that is a file with octets. The directory is read here, not by ZipArchive, which reads all of it:
    /// hundreds of thousands of entries fit into the size of a report.
    /// </summary>
    private static Stream? OpenZip(ReadOnlyMemory<byte> octets, out string? problem)
    {
        problem = "The zip file is cut short or broken.";
        var span = octets.Span;
        var end = span[Math.Max(0, span.Length - MaxEndRecord)..].LastIndexOf("PK\u0005\u0006"u8) is >= 0 and var at ? Math.Max(0, span.Length - MaxEndRecord) + at : -1;
        if (end < 0 || span.Length - end < EndRecord)
        {
            return null;
        }

        long entry = BinaryPrimitives.ReadUInt32LittleEndian(span[(end + 16)..]);
        for (var i = 0; i < MaxEntries && entry + EntryRecord <= span.Length; i++)
        {
            var record = span[(int)entry..];
            if (!record.StartsWith("PK\u0001\u0002"u8))
            {
                return null;
            }

            var size = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
            var nameLength = BinaryPrimitives.ReadUInt16LittleEndian(record[28..]);
            if (size > 0)
            {
                return OpenEntry(octets, record, size, ref problem);
            }

            entry += EntryRecord + nameLength + BinaryPrimitives.ReadUInt16LittleEndian(record[30..]) + BinaryPrimitives.ReadUInt16LittleEndian(record[32..]);
        }

        problem = "The zip file has no file in it.";
        return null;
    }

    private static Stream? OpenEntry(ReadOnlyMemory<byte> octets, ReadOnlySpan<byte> record, uint size, ref string? problem)
    {
        long local = BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
        if (local + LocalRecord > octets.Length)
        {
            return null;
        }

        var header = octets.Span[(int)local..];
        var start = local + LocalRecord + BinaryPrimitives.ReadUInt16LittleEndian(header[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(header[28..]);
        if (!header.StartsWith("PK\u0003\u0004"u8) || start + size > octets.Length)
        {
            return null;
        }

        var data = octets.Slice((int)start, (int)size);
        switch (BinaryPrimitives.ReadUInt16LittleEndian(record[10..]))
        {
            case 0 when !IsEncrypted(record):
                return Over(data);
            case 8 when !IsEncrypted(record):
                return new DeflateStream(Over(data), CompressionMode.Decompress);
            default:
                problem = "The zip file is encrypted or compressed in a way that is not read here.";
                return null;
        }
    }

    private static bool IsEncrypted(ReadOnlySpan<byte> record) => (record[8] & 1) != 0;

    private static MemoryStream Over(ReadOnlyMemory<byte> octets) => MemoryMarshal.TryGetArray(octets, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(octets.ToArray(), writable: false);

    private const int EndRecord = 22;
    private const int MaxEndRecord = EndRecord + ushort.MaxValue;
    private const int EntryRecord = 46;
    private const int LocalRecord = 30;

    /// <summary>Folders and empty files may stand before the report, but not many.</summary>
    private const int MaxEntries = 16;
}
