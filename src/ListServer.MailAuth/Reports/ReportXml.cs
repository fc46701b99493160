using System.Xml;

namespace ListServer.MailAuth.Reports;

/// <summary>
/// Walks the elements of a document forward, by their local names: old and new namespaces, and none, are in use (AUTH-20). The first
/// <see cref="Problem"/> ends every walk.
/// </summary>
internal sealed class ReportXml(XmlReader reader, ReportLimits limits)
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>What is wrong, in words, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>A reader that resolves nothing and takes no DTD.</summary>
    public static XmlReader Open(Stream content, ReportLimits limits) => XmlReader.Create(content, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = limits.MaxInflatedOctets,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    });

    public void Refuse(string problem) => Problem ??= problem;

    /// <summary>Goes to the root; its local name.</summary>
    public string Root() => reader.MoveToContent() is XmlNodeType.Element ? reader.LocalName : "";

    /// <summary>Reads what may stand behind the root.</summary>
    public void Finish()
    {
        while (Problem is null && reader.Read())
        {
        }
    }

    /// <summary>Calls <paramref name="read"/> with the local name of each child of the current element. What it does not read is passed over.</summary>
    public void Children(Action<string> read)
    {
        if (reader.IsEmptyElement)
        {
            return;
        }

        var depth = reader.Depth;
        while (Next(depth))
        {
            if (reader.NodeType is XmlNodeType.Element && reader.Depth == depth + 1)
            {
                read(reader.LocalName);
            }
        }
    }

    /// <summary>The text of the current element, trimmed. Equal texts are one string.</summary>
    public string Text()
    {
        if (reader.IsEmptyElement)
        {
            return "";
        }

        var (name, depth, text) = (reader.LocalName, reader.Depth, "");
        while (Next(depth))
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                text += reader.Value;
            }

            if (text.Length > limits.MaxText)
            {
                Refuse($"The text of <{ShownText.Of(name)}> has more than {limits.MaxText} characters.");
                return "";
            }
        }

        return Shared(text.Trim());
    }

    /// <summary>The text, or null when it is empty.</summary>
    public string? TextOrNull() => Text() is { Length: > 0 } text ? text : null;

    private bool Next(int depth)
    {
        if (Problem is not null || !reader.Read() || reader.Depth <= depth)
        {
            return false;
        }

        if (reader.Depth > limits.MaxDepth)
        {
            Refuse($"The report is nested more than {limits.MaxDepth} deep.");
        }

        return Problem is null;
    }

    private string Shared(string text)
    {
        if (_texts.TryGetValue(text, out var known))
        {
            return known;
        }

        _texts.Add(text);
        return text;
    }
}
