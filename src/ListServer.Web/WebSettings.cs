using System.Collections.Immutable;
using System.Net;

namespace ListServer.Web;

/// <summary>How the pages are reached.</summary>
/// <param name="IsSecure">True when people reach the pages by TLS, here or at a proxy in front: cookies then demand it, and browsers are told to.</param>
/// <param name="TrustedProxies">Networks of proxies that may say who the real client is, and whether it came by TLS (SEC-25).</param>
public sealed record WebSettings(bool IsSecure, ImmutableArray<IPNetwork> TrustedProxies)
{
    /// <summary>The address under which people reach the pages: passkeys are made for it. Null for whatever a browser names.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Who else says who somebody is; null for nobody.</summary>
    public IdentityProvider? Provider { get; init; }
}

/// <summary>A provider of identities by OpenID Connect, whose word about verified addresses is taken.</summary>
/// <param name="Authority">Where it is.</param>
/// <param name="ClientId">As what it knows this server.</param>
/// <param name="ClientSecret">By what this server proves it.</param>
/// <param name="Name">As people call it.</param>
public sealed record IdentityProvider(Uri Authority, string ClientId, string ClientSecret, string Name);
