using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>Mobile carriers: KDDI and au (ezweb), NTT docomo, SoftBank, Verizon and those with their gateways; and Japanese filters.</summary>
internal static class Carriers
{
    public static ImmutableArray<NoticeFormat> Formats { get; } =
    [
        new("Could not be delivered to:", AddressPlace.Here),
        new("The user(s) account is disabled.", AddressPlace.Within),
        new("The user(s) account is temporarily over quota.", AddressPlace.Within),
        new("The user(s) account is temporarily limited.", AddressPlace.Within),
        new("The following recipients did not receive this message:"),
        new("was rejected by a remote mail server.", AddressPlace.Within),
        new("could not be delivered to a remote mail server.", AddressPlace.Within),
        new("Error: Invalid user address", AddressPlace.Lines),
        new("以下のメールアドレスへの送信に失敗しました"),
        new("次のあて先へのメッセージはエラーのため送信できませんでした", AddressPlace.Within),
        new("次の宛先へのメッセージはエラーのため送信できませんでした", AddressPlace.Within),
        new("下記のメールアドレス", AddressPlace.Within),
        new("宛先:", AddressPlace.Here),
        new("宛先：", AddressPlace.Here),
    ];
}
