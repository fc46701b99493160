using System.Net;
using System.Text.Json.Serialization;

namespace ListServer.Admin.Membership;

/// <summary>Who wants an address to be asked.</summary>
/// <param name="Client">The IP address that it came from, in text; empty when it is not known.</param>
/// <param name="IsAuthenticated">True when it was certainly the address itself.</param>
/// <param name="Evidence">From where, when and how, in words: kept with the subscription (AUTH-83).</param>
public sealed record Asker(string Client, bool IsAuthenticated, string Evidence)
{
    [JsonIgnore]
    internal IPAddress? ClientAddress => IPAddress.TryParse(Client, out var address) ? address : null;
}
