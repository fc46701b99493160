using System.Net;

namespace ListServer.MailAuth.Spf;

/// <summary>A mechanism with its qualifier (RFC 7208 §4.6.1).</summary>
/// <param name="Verdict">What a match means: pass, fail, softfail or neutral.</param>
/// <param name="Text">The term as written.</param>
internal abstract record SpfMechanism(SpfVerdict Verdict, string Text);

/// <summary>all (RFC 7208 §5.1).</summary>
internal sealed record AllMechanism(SpfVerdict Verdict, string Text) : SpfMechanism(Verdict, Text);

/// <summary>include (RFC 7208 §5.2).</summary>
internal sealed record IncludeMechanism(SpfVerdict Verdict, string Text, MacroString Domain) : SpfMechanism(Verdict, Text);

/// <summary>a, mx (RFC 7208 §5.3, §5.4); no domain means the current one.</summary>
internal sealed record HostMechanism(SpfVerdict Verdict, string Text, bool IsMx, MacroString? Domain, int Prefix4, int Prefix6)
    : SpfMechanism(Verdict, Text);

/// <summary>ptr (RFC 7208 §5.5); no domain means the current one.</summary>
internal sealed record PtrMechanism(SpfVerdict Verdict, string Text, MacroString? Domain) : SpfMechanism(Verdict, Text);

/// <summary>ip4, ip6 (RFC 7208 §5.6).</summary>
internal sealed record NetworkMechanism(SpfVerdict Verdict, string Text, IPAddress Network, int Prefix) : SpfMechanism(Verdict, Text);

/// <summary>exists (RFC 7208 §5.7).</summary>
internal sealed record ExistsMechanism(SpfVerdict Verdict, string Text, MacroString Domain) : SpfMechanism(Verdict, Text);
