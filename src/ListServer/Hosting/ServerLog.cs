using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace ListServer.Hosting;

/// <summary>Where the server's log goes: standard error, as text for people and as JSON lines for programs.</summary>
internal static class ServerLog
{
    public static void Configure(ILoggingBuilder builder, bool json)
    {
        builder.SetMinimumLevel(LogLevel.Information);
        builder.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.AddFilter("Microsoft.Hosting", LogLevel.Warning);

        // What stops a start is told by the command itself.
        builder.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);

        // It says at each start that the keys of form tokens are not encrypted: the data folder is its owner's alone.
        builder.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        if (json)
        {
            builder.AddJsonConsole(options => options.UseUtcTimestamp = true);
        }
        else
        {
            builder.AddSimpleConsole(options =>
            {
                options.SingleLine = true;
                options.TimestampFormat = "HH:mm:ss ";
            });
        }
    }
}
