using System.CommandLine;
using ListServer.Admin.Shares;

namespace ListServer.Commands;

/// <summary>listserver list shares</summary>
internal static class ListSharesCommand
{
    public static Command Build()
    {
        var list = new Argument<string>("LIST") { Description = "The posting address." };
        var shares = new Command("shares", "How far the domains of members and authors are with SPF, DKIM and DMARC. DNS was asked about them in the background, once a week each.") { list };
        shares.SetAction((parse, cancellationToken) => Shared.RunAsync(parse, new ShowShares(parse.GetValue(list)!), Print, cancellationToken));
        return shares;
    }

    private static void Print(ListShares shares, TextWriter output)
    {
        output.WriteLine(Shown.Line($"members' domains  {Words(shares.Members)}"));
        output.WriteLine(Shown.Line($"                  {shares.Unknown} are not known yet; {(shares.OldestAt is { } at ? $"asked since {at:yyyy-MM-dd}" : "none was asked about")}"));
        output.WriteLine(Shown.Line($"authors' domains  {Words(shares.Authors)}"));
        output.WriteLine(Shown.Line($"                  from {shares.Posts} posts of the last ninety days"));
        foreach (var domain in shares.SpfOnly)
        {
            output.WriteLine(Shown.Line($"{domain}\thas a strict policy and does not sign with DKIM: From of its authors' posts is rewritten"));
        }
    }

    private static string Words(DomainShares shares) =>
        $"{shares.Domains} known: SPF {Share(shares.Spf, shares)}, DKIM {Share(shares.Dkim, shares)}, DMARC {Share(shares.Dmarc, shares)} "
        + $"(quarantine {Share(shares.Quarantine, shares)}, reject {Share(shares.Reject, shares)}), none of them {Share(shares.Unprotected, shares)}";

    private static string Share(int part, DomainShares of) => FormattableString.Invariant($"{(of.Domains == 0 ? 0 : 100.0 * part / of.Domains):0} %");
}
