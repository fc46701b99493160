using ListServer.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ListServer.Hosting;

/// <summary>Where the server's log goes: standard error, as text for people and as JSON lines for programs.</summary>
internal static class ServerLog
{
    /// <summary>True for JSON lines.</summary>
    /// <param name="format">What the operator wants.</param>
    /// <param name="isAsked">True with --json.</param>
    /// <param name="isTerminal">True when a person reads along.</param>
    public static bool IsJson(LogFormat format, bool isAsked, bool isTerminal) => format switch
    {
        LogFormat.Json => true,
        LogFormat.Text => false,
        _ => isAsked || !isTerminal,
    };

    public static void Configure(ILoggingBuilder builder, LogOptions options, bool json)
    {
        builder.SetMinimumLevel(LogLevel.Information);
        builder.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.AddFilter("Microsoft.Hosting", LogLevel.Warning);

        // What stops a start is told by the command itself.
        builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        // It says at each start that the keys of form tokens are not encrypted: the data folder is its owner's alone.
        builder.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Services.AddSingleton<ConsoleFormatter>(new LogLines(json, options.ShowAddresses ? null : new AddressMask(), TimeProvider.System));
        builder.AddConsole(console =>
        {
            console.FormatterName = LogLines.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;
        });
    }
}
