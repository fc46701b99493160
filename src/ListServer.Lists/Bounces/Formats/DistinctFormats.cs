using System.Collections.Immutable;

namespace ListServer.Lists.Bounces.Formats;

/// <summary>Formats whose words no answering machine or ordinary mail would have, in the order they are tried: the more they say, the earlier.</summary>
internal static class DistinctFormats
{
    /// <summary>The table.</summary>
    public static ImmutableArray<NoticeFormat> InOrder { get; } =
    [
        .. PlainQueues.Formats, .. Exim.Formats, .. Sendmail.Formats, .. Exchange.Formats, .. Groupware.Formats, .. Webmail.Formats, .. Carriers.Formats,
        .. Gateways.Formats,
    ];
}
