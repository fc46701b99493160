using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>All formats, in the order they are tried: the more a format's words say, the earlier it stands.</summary>
internal static class AllFormats
{
    /// <summary>Those whose words no answering machine or ordinary mail would have.</summary>
    public static ImmutableArray<NoticeFormat> Distinct { get; } =
    [
        .. PlainQueues.Formats, .. Exim.Formats, .. Sendmail.Formats, .. Exchange.Formats, .. Groupware.Formats, .. Webmail.Formats, .. Carriers.Formats,
        .. Gateways.Formats,
    ];

    /// <summary>All, for a message that is a notice by its sender or its subject.</summary>
    public static ImmutableArray<NoticeFormat> All { get; } = [.. Distinct, .. LastResort.Formats];
}
