using CsvHelper;
using ListServer.Lists;
using ListServer.Lists.Membership;

namespace ListServer.Admin.Members;

/// <summary>A line of a member file that could not be read.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Problem">What is wrong, in words.</param>
public sealed record BadLine(int Line, string Problem);

/// <summary>One address of a member file.</summary>
/// <param name="Address">In the stored form.</param>
/// <param name="DisplayName">May be empty.</param>
/// <param name="Line">Counted from 1.</param>
internal sealed record MemberLine(string Address, string DisplayName, int Line);

/// <summary>
/// Reads the two forms that people have: one address a line (with "Name &lt;address&gt;" understood, # for remarks),
/// or CSV whose first line names an "email" or "address" column and, perhaps, a "name" column.
/// </summary>
internal static class MemberFile
{
    private const string Separators = ",;\t";

    private static readonly string[] AddressColumns = ["email", "e-mail", "address", "email address", "mail", "メールアドレス"];
    private static readonly string[] NameColumns = ["name", "display_name", "display name", "full name", "real name", "名前", "氏名"];

    private const int BadLinesShown = 10;

    /// <summary>Reads it for a list: who is banned there is a bad line, as is a list of this server.</summary>
    public static (List<MemberLine> Lines, List<BadLine> Bad) Read(string text, AdminContext context, MailingList list)
    {
        var (lines, bad) = Read(text);
        Ban[] bans = [.. context.Store.Bans(list.Address), .. context.Store.Bans("")];
        var (banned, stopped) = (new HashSet<MemberLine>(), new List<BadLine>());
        foreach (var line in lines)
        {
            if (Array.Find(bans, ban => ban.Stops(line.Address)) is { } ban && context.Store.FindMember(list.Address, line.Address) is null)
            {
                banned.Add(line);
                stopped.Add(new BadLine(line.Line, $"{line.Address} may not join: {ban.Pattern} is banned."));
            }
            else if (context.Store.FindList(line.Address) is { } part && part.Domain == list.Domain)
            {
                banned.Add(line);
                stopped.Add(new BadLine(line.Line, $"{line.Address} is a list. 'listserver member add' makes it a part of another."));
            }
        }

        return ([.. lines.Where(line => !banned.Contains(line))], [.. bad.Concat(stopped).OrderBy(line => line.Line)]);
    }

    /// <summary>The first bad lines, in words.</summary>
    public static string Words(List<BadLine> bad)
    {
        var more = bad.Count > BadLinesShown ? $"\n… and {bad.Count - BadLinesShown} more" : "";
        return string.Join('\n', bad.Take(BadLinesShown).Select(line => $"line {line.Line}: {line.Problem}")) + more;
    }

    public static (List<MemberLine> Lines, List<BadLine> Bad) Read(string text)
    {
        var first = text.TrimStart('\uFEFF').Split('\n', 2)[0].Trim();
        var isCsv = !first.Contains('@', StringComparison.Ordinal)
            && first.Split([',', ';', '\t']).Any(column => AddressColumns.Contains(Normal(column)));
        return isCsv ? ReadCsv(text.TrimStart('\uFEFF')) : ReadPlain(text.TrimStart('\uFEFF'));
    }

    private static (List<MemberLine> Lines, List<BadLine> Bad) ReadPlain(string text)
    {
        var (lines, bad) = (new List<MemberLine>(), new List<BadLine>());
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var open = line.LastIndexOf('<');
            var isNamed = open >= 0 && line[^1] == '>';
            Take(isNamed ? line[(open + 1)..^1] : line, isNamed ? line[..open].Trim().Trim('"') : "", number, lines, bad);
        }

        return (lines, bad);
    }

    private static (List<MemberLine> Lines, List<BadLine> Bad) ReadCsv(string text)
    {
        var (lines, bad) = (new List<MemberLine>(), new List<BadLine>());
        var header = text.Split('\n', 2)[0];
        using var csv = CsvReader.FromText(text, new CsvReaderOptions
        {
            Separator = Separators.MaxBy(separator => header.Count(c => c == separator)),
            HasHeader = true,
            TrackLineNumbers = true,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MalformedData = CsvMalformedDataHandling.Skip,
            OnMalformedRecord = record => bad.Add(new BadLine((int)record.LineNumber, $"The line is not well-formed CSV ({record.Reason}).")),
        });
        csv.ReadHeader();
        var columns = csv.Headers.Select(Normal).ToArray();
        var addressColumn = Array.FindIndex(columns, AddressColumns.Contains);
        var nameColumn = Array.FindIndex(columns, NameColumns.Contains);
        while (csv.Read())
        {
            var name = nameColumn >= 0 && nameColumn < csv.FieldCount ? csv.GetString(nameColumn) : "";
            if (addressColumn >= csv.FieldCount)
            {
                bad.Add(new BadLine((int)csv.LineNumber, $"The line has no column {addressColumn + 1}, where the address stands."));
                continue;
            }

            Take(csv.GetString(addressColumn), name, (int)csv.LineNumber, lines, bad);
        }

        return (lines, bad);
    }

    private static void Take(string address, string name, int number, List<MemberLine> lines, List<BadLine> bad)
    {
        if (!MemberAddress.TryParse(address, out var stored, out var error))
        {
            bad.Add(new BadLine(number, error!));
        }
        else if (name.Any(char.IsControl))
        {
            bad.Add(new BadLine(number, $"The name of {stored} holds a control character."));
        }
        else
        {
            lines.Add(new MemberLine(stored!, name.Trim(), number));
        }
    }

    private static string Normal(string column) => column.Trim().Trim('"').ToLowerInvariant();
}
