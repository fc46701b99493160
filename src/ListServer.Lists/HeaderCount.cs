using System.Text;

namespace ListServer.Lists;

/// <summary>Measures one header, line by line (SEC-14), and keeps its Content-Type.</summary>
internal sealed class HeaderCount
{
    internal const int MaxOctets = 512 * 1024;
    internal const int MaxFieldOctets = 100 * 1024;
    internal const int MaxFields = 1_000;
    internal const int MaxFoldedLines = 1_000;
    internal const int MaxAddresses = 1_000;

    private readonly StringBuilder _contentType = new();
    private int _octets;
    private int _fields;
    private int _fieldOctets;
    private int _fieldLines;
    private int _fieldAddresses;
    private bool _isQuoted;
    private bool _isContentType;

    /// <summary>The values of the Content-Type fields; empty when there is none.</summary>
    public string ContentType => _contentType.ToString();

    /// <summary>True for message/rfc822 and its kin, but not for the status part of a report.</summary>
    public bool IsMessage
    {
        get
        {
            var type = ContentType.AsSpan();
            type = type.IndexOf(';') is >= 0 and var end ? type[..end] : type;
            return type.Contains("message/", StringComparison.OrdinalIgnoreCase)
                && !type.Contains("-status", StringComparison.OrdinalIgnoreCase)
                && !type.Contains("-notification", StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>Begins with a new header.</summary>
    public void Clear()
    {
        _contentType.Clear();
        (_octets, _fields, _fieldOctets, _fieldLines, _fieldAddresses) = (0, 0, 0, 0, 0);
        (_isQuoted, _isContentType) = (false, false);
    }

    /// <summary>Counts one line, its end included; says which limit it exceeds, or null.</summary>
    public string? Read(ReadOnlySpan<byte> line)
    {
        if (line[0] is not ((byte)' ' or (byte)'\t'))
        {
            (_fields, _fieldOctets, _fieldLines, _fieldAddresses, _isQuoted) = (_fields + 1, 0, 0, 1, false);
            _isContentType = line.Length > 12 && Ascii.EqualsIgnoreCase(line[..12], "Content-Type"u8);
        }

        _octets += line.Length;
        _fieldOctets += line.Length;
        _fieldLines++;
        CountAddresses(line);
        var problem = Problem();
        if (problem is null && _isContentType)
        {
            _contentType.Append(Encoding.Latin1.GetString(_fieldLines == 1 ? line[12..].TrimEnd("\r\n"u8) : line.TrimEnd("\r\n"u8)));
        }

        return problem;
    }

    private string? Problem() => this switch
    {
        { _octets: > MaxOctets } => $"A header is larger than {MaxOctets / 1024} KB.",
        { _fieldOctets: > MaxFieldOctets } => $"A header field is larger than {MaxFieldOctets / 1024} KB.",
        { _fields: > MaxFields } => $"A header has more than {MaxFields} fields.",
        { _fieldLines: > MaxFoldedLines } => $"A header field is folded into more than {MaxFoldedLines} lines.",
        { _fieldAddresses: > MaxAddresses } => $"A header field lists more than {MaxAddresses} addresses.",
        _ => null,
    };

    // In every field: MimeKit splits whatever it takes for an address list.
    private void CountAddresses(ReadOnlySpan<byte> line)
    {
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case (byte)'\\':
                    i++;
                    break;
                case (byte)'"':
                    _isQuoted = !_isQuoted;
                    break;
                case (byte)',' or (byte)';' when !_isQuoted:
                    _fieldAddresses++;
                    break;
            }
        }
    }
}
