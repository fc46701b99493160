using System.Text;

namespace ListServer.Lists;

/// <summary>Comments and quoted strings of structured fields (RFC 5322 §3.2).</summary>
internal static class Cfws
{
    /// <summary>Replaces each comment by a space, and takes the quotes off quoted strings.</summary>
    public static string Remove(string text)
    {
        var bare = new StringBuilder(text.Length);
        var (depth, isQuoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && (isQuoted || depth > 0))
            {
                i++;
            }
            else if (c == '"' && depth == 0)
            {
                isQuoted = !isQuoted;
            }
            else if (c == '(' && !isQuoted)
            {
                depth++;
                bare.Append(' ');
            }
            else if (c == ')' && !isQuoted && depth > 0)
            {
                depth--;
            }
            else if (depth == 0)
            {
                bare.Append(c);
            }
        }

        return bare.ToString();
    }
}
