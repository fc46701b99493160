using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ListServer.Hosting;
using ListServer.Lists.Notices;
using ListServer.Lists.Webhooks;
using ListServer.Outbound.Tls;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Webhooks;
using Microsoft.Extensions.Logging;

namespace ListServer.Webhooks;

/// <summary>
/// Tells webhooks what the store wrote down for them: each event until it is taken, at first soon and then ever later, for some three days. A
/// webhook is told one event at a time, in the order of the journal while it takes them; one that was not taken is overtaken by those behind
/// it. One that does not answer keeps no other waiting for long, and one that took nothing for three days is told nothing any more.
/// </summary>
internal sealed partial class WebhookCourier : IDisposable
{
    public const int MostAttempts = 20;
    public const int MostWaiting = 10_000;
    public static readonly TimeSpan MostFailing = TimeSpan.FromDays(3);

    private const int MostAtOnce = 32;
    private const int MostAnswer = 200;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(6);

    private readonly ListStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly HttpClient _client;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Until, int Failures)> _resting = [];

    /// <summary>Nothing is told yet.</summary>
    /// <param name="store">What is to be told.</param>
    /// <param name="hosts">Connects to receivers: a name is resolved, judged and connected to, as one (SSRF).</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Where failures are told.</param>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client disposes the handler.")]
    public WebhookCourier(ListStore store, PublicHosts hosts, TimeProvider time, ILogger<WebhookCourier> log)
    {
        (_store, _time, _log) = (store, time, log);
        _client = new HttpClient(new SocketsHttpHandler
        {
            // An answer that leads elsewhere would lead past the judgement about the address; so would an intermediate certificate that is fetched.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            ActivityHeadersPropagator = null,
            ConnectTimeout = MostTime,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            ConnectCallback = (context, cancellationToken) => context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttps
                ? hosts.ConnectAsync(context.DnsEndPoint, cancellationToken)
                : hosts.ConnectInsideAsync(context.DnsEndPoint, cancellationToken),
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
            },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => NewsLoop.RunAsync(_store, _time, _ => _store.HasWebhookEvents, GoAsync, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<TimeSpan> GoAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var due = _store.WaitingWebhooks().Where(waiting => RestedAt(waiting) <= now).ToList();
        if (due.Count > 0)
        {
            var lists = _store.Webhooks().ToDictionary(hook => hook.Id, hook => hook.List);
            await Parallel.ForEachAsync(due.Where(waiting => lists.ContainsKey(waiting.Hook)), new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken }, async (waiting, cancel) =>
                await TellAsync(lists[waiting.Hook], waiting, cancel));
        }

        var next = _store.WaitingWebhooks().Select(RestedAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        var later = _time.GetUtcNow();
        return next == DateTimeOffset.MaxValue ? Timeout.InfiniteTimeSpan : next > later ? next - later : TimeSpan.Zero;
    }

    private DateTimeOffset RestedAt(WaitingWebhook waiting)
    {
        lock (_gate)
        {
            return _resting.TryGetValue(waiting.Hook, out var rest) && rest.Until > waiting.Due ? rest.Until : waiting.Due;
        }
    }

    /// <summary>Tells what is due, one after the other, until one is not taken or it is others' turn.</summary>
    private async Task TellAsync(string list, WaitingWebhook waiting, CancellationToken cancellationToken)
    {
        var end = _time.GetUtcNow() + Turn;
        bool isTaken;
        do
        {
            // As it is now: while it was told, it may have been removed, or got another secret.
            isTaken = _store.WebhooksOf(list).FirstOrDefault(one => one.Id == waiting.Hook) is { DisabledAt: null } hook
                && _store.NextWebhookEvent(hook.Id, _time.GetUtcNow()) is { } told
                && await TellAsync(hook, told, waiting.Events, cancellationToken);
        }
        while (isTaken && _time.GetUtcNow() < end);
    }

    /// <summary>Tells one event; false when it was not taken.</summary>
    private async Task<bool> TellAsync(Webhook hook, WebhookEvent told, int waiting, CancellationToken cancellationToken)
    {
        var (isTaken, isGone, answer) = await SendAsync(hook, told, cancellationToken);
        var (now, attempts) = (_time.GetUtcNow(), told.Attempts + 1);
        DateTimeOffset? next = isTaken || attempts >= MostAttempts ? null : now + Grown(attempts, LongestPause);
        List<Change> changes = [new WebhookTried(hook.List, hook.Id, told.Id, now, answer, isTaken, next)];
        if (!isTaken)
        {
            LogFailed(_log, hook.Id, told.Kind, told.Id, answer);
            if (isGone || hook.FailingSince <= now - MostFailing || waiting > MostWaiting)
            {
                changes.AddRange(Disable(hook, answer, now));
            }
        }

        await _store.CommitAsync(changes, CancellationToken.None);
        Rest(hook.Id, isTaken, now);
        return isTaken;
    }

    private void Rest(string hook, bool isTaken, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (isTaken)
            {
                _resting.Remove(hook);
            }
            else
            {
                var failures = _resting.GetValueOrDefault(hook).Failures + 1;
                _resting[hook] = (now + Grown(failures, LongestRest), failures);
            }
        }
    }

    /// <summary>What the log and, by mail, those who run the list are told; of the address its host only, as the rest may hold a secret.</summary>
    private IEnumerable<Change> Disable(Webhook hook, string answer, DateTimeOffset now)
    {
        LogDisabled(_log, hook.Id, answer);
        yield return new WebhookDisabled(hook.List, hook.Id, now, answer);
        if (hook.List.Length > 0)
        {
            yield return new NoticeOwed(new OwedNotice(OrderedId.New(_time), NoticeKind.WebhookDisabled, hook.List, "", new Uri(hook.Url).Host, answer));
        }
    }

    private static TimeSpan Grown(int failures, TimeSpan most) => TimeSpan.FromSeconds(Math.Min(most.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(2, failures - 1)));

    private async Task<(bool IsTaken, bool IsGone, string Answer)> SendAsync(Webhook hook, WebhookEvent told, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(MostTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new StringContent(told.Body, Encoding.UTF8, "application/json") };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ListServer", null));
        request.Headers.Add("Webhook-Id", told.Id);
        request.Headers.Add("Webhook-Event", told.Kind);
        request.Headers.Add("Webhook-Signature", WebhookSignature.Of(_store.Secret.Span, hook, _time.GetUtcNow(), told.Body));
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var words = await ReadAsync(response, either.Token);
            return (response.IsSuccessStatusCode, response.StatusCode is HttpStatusCode.Gone, $"{(int)response.StatusCode}{(words.Length > 0 ? " " + words : "")}");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return (false, false, Cut(failure.InnerException is IOException inner ? inner.Message : failure.Message));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, false, $"no answer within {MostTime.TotalSeconds:0} s");
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var octets = new byte[MostAnswer];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancellationToken);
        return Cut(Encoding.UTF8.GetString(octets, 0, length));
    }

    private static string Cut(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c).Take(MostAnswer)).Trim();

    [LoggerMessage(1, LogLevel.Warning, "The webhook {Hook} did not take {Kind} ({Event}): {Answer}")]
    private static partial void LogFailed(ILogger logger, string hook, string kind, string @event, string answer);

    [LoggerMessage(2, LogLevel.Error, "The webhook {Hook} is told nothing any more until somebody enables it: {Answer}")]
    private static partial void LogDisabled(ILogger logger, string hook, string answer);
}
