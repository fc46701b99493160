using System.CommandLine;
using System.Globalization;
using ListServer.Admin.Members;
using ListServer.Lists;
using ListServer.Lists.Membership;

namespace ListServer.Commands;

/// <summary>listserver member set</summary>
internal static class MemberSetCommand
{
    private const string Form = "a date such as 2027-10-01 (its first moment on this machine), or a time of ISO 8601 with an offset, such as 2027-10-01T09:00+09:00";

    private static readonly string[] WithOffset = ["yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"];

    public static Command Build()
    {
        var list = new Argument<string>("LIST") { Description = "The posting address." };
        var address = new Argument<string>("ADDRESS");
        var delivery = SettingOptions.Choice<DeliveryChoice>("--delivery", "How posts come.");
        var until = Until();
        var ownCopies = new Option<bool?>("--own-copies") { Description = "Whether the member gets copies of their own posts (true by default)." };
        var duplicates = new Option<bool?>("--avoid-duplicates") { Description = "No copy of a post that names the member in To or Cc (false by default)." };
        var role = SettingOptions.Choice<MemberRole>("--role", "What the member may do.");
        var name = new Option<string?>("--name") { Description = "The member's name." };
        var set = new Command("set", Shared.WithExamples(
            "Changes how a member receives a list and what they may do; what is not named stays.",
            "member set talk@lists.example.org ken@example.com --delivery paused --until 2027-10-01",
            "member set talk@lists.example.org ken@example.com --delivery mime-digest --own-copies false"))
        {
            list, address, delivery, until, ownCopies, duplicates, role, name,
        };
        set.SetAction((parse, cancellationToken) => Shared.RunAsync(
            parse,
            new SetMember(parse.GetValue(list)!, parse.GetValue(address)!)
            {
                Delivery = parse.GetValue(delivery),
                Until = parse.GetValue(until),
                OwnCopies = parse.GetValue(ownCopies),
                AvoidsDuplicates = parse.GetValue(duplicates),
                Role = parse.GetValue(role),
                DisplayName = parse.GetValue(name),
            },
            (member, output) =>
            {
                output.WriteLine(Shown.Line($"{member.Address}\t{ListCommand.Words(member.Role)}\t{MemberText.Delivery(member)}\t{member.DisplayName}"));
                output.WriteLine(Shown.Line($"{MemberText.Copies(member)}"));
            },
            cancellationToken));
        return set;
    }

    private static Option<DateTimeOffset?> Until() => new("--until")
    {
        Description = $"When a pause ends: {Form}.",
        HelpName = "DATE",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var day))
            {
                return new DateTimeOffset(day);
            }

            if (DateTimeOffset.TryParseExact(text, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                return at;
            }

            result.AddError($"--until takes {Form}; not '{text}'.");
            return null;
        },
    };
}
