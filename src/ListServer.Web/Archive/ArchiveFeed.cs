using System.Globalization;
using System.Text;
using System.Xml;
using ListServer.Admin.Archiving;
using ListServer.Lists.Archiving;

namespace ListServer.Web.Archive;

/// <summary>The latest messages for feed readers (RFC 4287): subjects and beginnings as text, never as HTML.</summary>
internal static class ArchiveFeed
{
    private const string Namespace = "http://www.w3.org/2005/Atom";

    public static string Write(ArchiveFinds finds, Uri site)
    {
        using var text = new Utf8Text();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, CloseOutput = false }))
        {
            var path = ArchiveLinks.PathOf(finds.List.Address);
            xml.WriteStartElement("feed", Namespace);
            Element(xml, "id", $"{site.AbsoluteUri.TrimEnd('/')}{path}/archive");
            Element(xml, "title", finds.List.DisplayName);
            Element(xml, "updated", Time(finds.Found.Count > 0 ? finds.Found[0].Date : DateTimeOffset.UnixEpoch));
            Link(xml, "self", new Uri(site, path + "/feed.atom"));
            Link(xml, "alternate", new Uri(site, path + "/archive"));
            foreach (var entry in finds.Found)
            {
                var address = new Uri(site, $"{path}/m/{entry.Hash}");
                xml.WriteStartElement("entry", Namespace);
                Element(xml, "id", address.AbsoluteUri);
                Element(xml, "title", entry.Subject.Length > 0 ? entry.Subject : "(no subject)");
                Element(xml, "updated", Time(entry.Date));
                xml.WriteStartElement("author", Namespace);
                Element(xml, "name", AddressMask.Text(entry.AuthorName));
                xml.WriteEndElement();
                Link(xml, "alternate", address);
                Element(xml, "summary", AddressMask.Text(entry.Beginning));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void Element(XmlWriter xml, string name, string value) =>
        xml.WriteElementString(name, Namespace, string.Concat(value.EnumerateRunes().Where(rune => rune.Value is not (0xFFFE or 0xFFFF) && (rune.Value >= ' ' || rune.Value is '\t' or '\n'))));

    private static void Link(XmlWriter xml, string relation, Uri address)
    {
        xml.WriteStartElement("link", Namespace);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address.AbsoluteUri);
        xml.WriteEndElement();
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed class Utf8Text() : StringWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
