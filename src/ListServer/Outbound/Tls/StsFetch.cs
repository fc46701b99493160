using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ListServer.Outbound.Tls;

/// <summary>Fetches MTA-STS policies by HTTPS (RFC 8461 §3.3).</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class StsFetch : IDisposable
{
    private const int MostOctets = 64 * 1024;
    private const int MostHeaderKilobytes = 16;

    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    /// <summary>Nothing is fetched yet.</summary>
    /// <param name="connect">Opens the connection to a policy's host.</param>
    /// <param name="time">For the limit of time.</param>
    /// <param name="roots">Whom to trust; null for the machine's authorities.</param>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client disposes the handler.")]
    public StsFetch(Func<DnsEndPoint, CancellationToken, ValueTask<Stream>> connect, TimeProvider time, X509Certificate2Collection? roots = null)
    {
        var trust = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (roots is not null)
        {
            trust.TrustMode = X509ChainTrustMode.CustomRootTrust;
            trust.CustomTrustStore.AddRange(roots);
        }

        _time = time;
        _client = new HttpClient(new SocketsHttpHandler
        {
            // A policy stands where its name says, and nowhere else.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = MostHeaderKilobytes,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = (context, cancellationToken) => connect(context.DnsEndPoint, cancellationToken),
            SslOptions = new SslClientAuthenticationOptions { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, CertificateChainPolicy = trust },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Fetches a domain's policy: its lines, or why there are none.</summary>
    public async Task<(string? Text, TlsFault? Fault)> FetchAsync(string domain, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(MostTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            using var response = await _client.GetAsync(
                new Uri($"https://mta-sts.{domain}/.well-known/mta-sts.txt"), HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return response.StatusCode != HttpStatusCode.OK ? Failed($"the policy's host answered {(int)response.StatusCode}")
                : response.Content.Headers.ContentType?.MediaType?.Equals("text/plain", StringComparison.OrdinalIgnoreCase) != true ? Failed("the policy is not text/plain")
                : await ReadAsync(response, either.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            return (null, new TlsFault(TlsFaultKind.StsWebpkiInvalid, e.InnerException?.Message ?? e.Message));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Failed(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"the policy's host gave no policy within {MostTime.TotalSeconds:0} s");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static async Task<(string? Text, TlsFault? Fault)> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var octets = new byte[MostOctets + 1];
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var length = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return length <= MostOctets ? (Encoding.Latin1.GetString(octets, 0, length), null) : Failed("the policy is larger than 64 KB");
    }

    private static (string? Text, TlsFault? Fault) Failed(string text) => (null, new TlsFault(TlsFaultKind.StsPolicyFetchError, text));
}
