using System.Net;
using Microsoft.Extensions.Logging;

namespace ListServer.Smtp;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Role} listens on {EndPoint}")]
    public static partial void Listening(ILogger logger, SmtpRole role, EndPoint endPoint);

    [LoggerMessage(2, LogLevel.Information, "{Role} on {EndPoint} has stopped")]
    public static partial void Stopped(ILogger logger, SmtpRole role, EndPoint endPoint);

    [LoggerMessage(3, LogLevel.Debug, "{Session} opened by {Address}")]
    public static partial void Opened(ILogger logger, string session, IPAddress address);

    [LoggerMessage(4, LogLevel.Debug, "{Session} closed")]
    public static partial void Closed(ILogger logger, string session);

    [LoggerMessage(5, LogLevel.Information, "{Session} from {Address} was over its quota")]
    public static partial void OverQuota(ILogger logger, string session, IPAddress address);

    [LoggerMessage(6, LogLevel.Warning, "{Session} from {Address} found no room")]
    public static partial void NoRoom(ILogger logger, string session, IPAddress address);

    [LoggerMessage(7, LogLevel.Information, "{Session} of {Address} was sent away: {Farewell}")]
    public static partial void SentAway(ILogger logger, string session, IPAddress address, Farewell farewell);

    [LoggerMessage(8, LogLevel.Information, "{Session} of {Address} failed in the TLS handshake: {Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string session, IPAddress address, string reason);

    [LoggerMessage(9, LogLevel.Information, "{Session} of {Address} sent a message that cannot be taken: {Fault}")]
    public static partial void MessageAtFault(ILogger logger, string session, IPAddress address, MessageFault fault);

    [LoggerMessage(10, LogLevel.Information, "{Session} of {Address} gave a wrong name or password")]
    public static partial void WrongPassword(ILogger logger, string session, IPAddress address);

    [LoggerMessage(11, LogLevel.Error, "{Session} of {Address} ended by an error of ours")]
    public static partial void SessionFailed(ILogger logger, string session, IPAddress address, Exception error);

    [LoggerMessage(12, LogLevel.Information, "The renewed certificate {Path} is in use")]
    public static partial void CertificateRenewed(ILogger logger, string path);

    [LoggerMessage(13, LogLevel.Warning, "The certificate {Path} has changed but cannot be read; the old one stays in use")]
    public static partial void CertificateUnreadable(ILogger logger, string path, Exception error);
}
