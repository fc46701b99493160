using System.Collections.Immutable;

namespace ListServer.Outbound;

/// <summary>One copy and those who get it (RFC 5321 §3.3).</summary>
/// <param name="ReversePath">The bounce address without angle brackets; empty for the null reverse-path.</param>
/// <param name="Recipients">One address or more, without angle brackets.</param>
/// <param name="Copy">The octets.</param>
public sealed record OutboundTransaction(string ReversePath, ImmutableArray<string> Recipients, CopyOctets Copy);
