using System.Collections.Immutable;

namespace ListServer.Lists.Bounces;

/// <summary>A complaint of a mailbox provider about one of our copies (RFC 5965, "ARF"). Nothing in it is proven.</summary>
/// <param name="FeedbackType">Such as abuse, fraud, virus, not-spam, auth-failure, in lower case.</param>
/// <param name="UserAgent">The program that wrote it; may be empty.</param>
/// <param name="OriginalMailFrom">The copy's return address, without angle brackets; null where it is missing.</param>
/// <param name="OriginalRcptTo">The recipients that it names; often none, as providers hide them.</param>
/// <param name="SourceIp">The address that the copy came from, as written; null where it is missing.</param>
/// <param name="MessageId">The Message-ID, in angle brackets, of the copy it is about; empty when it was not returned with it.</param>
public sealed record FeedbackReport(
    string FeedbackType, string UserAgent, string? OriginalMailFrom, ImmutableArray<string> OriginalRcptTo, string? SourceIp, string MessageId);
