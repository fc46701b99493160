using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using ListServer.MailAuth.Dns;

namespace ListServer.Commands;

/// <summary>What verify and seal ask of the world: a name server and the time.</summary>
internal sealed class LookupOptions
{
    private readonly Option<IPEndPoint[]> _dns = new("--dns")
    {
        Description = "The name server to ask, such as 127.0.0.1:5353; by default those of this machine.",
        HelpName = "ADDRESS:PORT",
        CustomParser = result => [.. result.Tokens.Select(token => Parse(token.Value, result)).OfType<IPEndPoint>()],
    };

    private readonly Option<long?> _time = new("--time") { Description = "The time of evaluation, in seconds since 1970; now by default.", HelpName = "UNIX" };

    public void AddTo(Command command)
    {
        command.Add(_dns);
        command.Add(_time);
    }

    /// <summary>The resolver to ask.</summary>
    public IDnsResolver Resolver(ParseResult parse) =>
        new CachingResolver(new DnsClientResolver(new DnsClientResolverOptions { Servers = [.. parse.GetValue(_dns) ?? []] }), TimeProvider.System);

    /// <summary>The clock to go by.</summary>
    public TimeProvider Clock(ParseResult parse) =>
        parse.GetValue(_time) is { } seconds ? new StoppedClock(DateTimeOffset.FromUnixTimeSeconds(seconds)) : TimeProvider.System;

    private static IPEndPoint? Parse(string text, ArgumentResult result)
    {
        if (IPEndPoint.TryParse(text, out var endPoint))
        {
            return endPoint.Port == 0 ? new IPEndPoint(endPoint.Address, 53) : endPoint;
        }

        result.AddError($"--dns takes an address like 127.0.0.1:53, not '{text}'.");
        return null;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
