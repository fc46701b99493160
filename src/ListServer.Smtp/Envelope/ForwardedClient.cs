using System.Net;

namespace ListServer.Smtp;

/// <summary>What a trusted peer says of the client behind it by XCLIENT or XFORWARD (Postfix XCLIENT_README, XFORWARD_README).</summary>
/// <param name="Address">Null when unknown.</param>
/// <param name="Helo">Null when unknown.</param>
internal sealed record ForwardedClient(IPAddress? Address, string? Helo)
{
    public static readonly ForwardedClient Unknown = new(null, null);

    private static readonly string[] Unavailable = ["[UNAVAILABLE]", "[TEMPUNAVAIL]"];

    /// <summary>
    /// Adds the attributes of one command to what earlier ones said. False for an attribute that was not offered or a value that is no good.
    /// </summary>
    public static bool TryAdd(ForwardedClient known, string argument, string offered, out ForwardedClient client)
    {
        client = known;
        foreach (var attribute in argument.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = attribute.IndexOf('=');
            if (equals <= 0 || !Xtext.TryDecode(attribute.AsSpan(equals + 1), out var value))
                return false;
            var name = attribute[..equals].ToUpperInvariant();
            if (!offered.Split(' ').Contains(name) || !client.TryTake(name, value, out client))
                return false;
        }
        return argument.Length > 0;
    }

    private bool TryTake(string name, string value, out ForwardedClient client)
    {
        client = this;
        var isUnavailable = Unavailable.Contains(value, StringComparer.OrdinalIgnoreCase);
        switch (name)
        {
            case "ADDR" when isUnavailable:
                client = this with { Address = null };
                return true;
            case "ADDR":
                var isAddress = AddressLiteral.TryParseForwarded(value, out var address);
                client = isAddress ? this with { Address = address } : this;
                return isAddress;
            case "HELO" when isUnavailable:
                client = this with { Helo = null };
                return true;
            case "HELO":
                // What the far client called itself was never checked by us: a name that may not stand in a Received field is as good as none.
                client = this with { Helo = HelloName.IsValid(value) ? value : null };
                return true;
            default:
                return true;
        }
    }
}
