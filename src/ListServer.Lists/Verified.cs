using System.Collections.Immutable;
using ListServer.MailAuth;

namespace ListServer.Lists;

/// <summary>A message with what was found out about it.</summary>
/// <param name="Envelope">How it came.</param>
/// <param name="Report">SPF, DKIM, ARC and DMARC on the raw octets.</param>
/// <param name="AuthenticationResults">The value of our Authentication-Results field.</param>
/// <param name="Trace">Reception and verification, as the trace tells them.</param>
public sealed record Verified(Envelope Envelope, AuthenticationReport Report, string AuthenticationResults, ImmutableArray<TraceEvent> Trace);
