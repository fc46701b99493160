using System.Diagnostics.Metrics;
using ListServer.MailAuth;
using ListServer.MailAuth.Dns;
using ListServer.Store.Queue;

namespace ListServer.Metrics;

/// <summary>What one running server counts and measures as it happens. Without a listener it costs next to nothing.</summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class Instruments : IDisposable
{
    private readonly Counter<long> _posts;
    private readonly Counter<long> _deliveries;
    private readonly Histogram<double> _deliverySeconds;
    private readonly Counter<long> _results;
    private readonly Counter<long> _seals;
    private readonly Counter<long> _complaints;
    private readonly Histogram<double> _dnsSeconds;

    /// <summary>Instruments of a server's own: other servers of this process have theirs.</summary>
    public Instruments()
    {
        _posts = Meter.CreateCounter<long>("listserver_posts_total", null, "Posts by what was decided about them; a held one is counted again when a moderator decides.");
        _deliveries = Meter.CreateCounter<long>("listserver_deliveries_total", null, "Recipients by outcome of an attempt.");
        _deliverySeconds = Meter.CreateHistogram(
            "listserver_delivery_seconds", "s", "From queueing a copy to the other side's yes.", null, Buckets(0.1, 0.3, 1, 3, 10, 30, 120, 600, 3_600, 14_400, 86_400));
        _results = Meter.CreateCounter<long>("listserver_auth_results_total", null, "Results of verification, by method and result.");
        _seals = Meter.CreateCounter<long>("listserver_seals_total", null, "Posts sealed with ARC.");
        _complaints = Meter.CreateCounter<long>("listserver_complaints_total", null, "Complaints of providers about copies, by whether they say abuse.");
        _dnsSeconds = Meter.CreateHistogram("listserver_dns_seconds", "s", "Questions to name servers, by status of the answer.", null, Buckets(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10));
    }

    /// <summary>To which gauges may be added.</summary>
    internal Meter Meter { get; } = new("ListServer");

    /// <summary>A post came to stand somewhere: accepted, held, rejected, discarded.</summary>
    public void Post(string state) => _posts.Add(1, new KeyValuePair<string, object?>("state", state));

    /// <summary>An attempt for one recipient ended.</summary>
    /// <param name="state">Where the recipient stands now.</param>
    /// <param name="age">How long the copy has been queued.</param>
    public void Delivery(RecipientState state, TimeSpan age)
    {
        var outcome = state switch
        {
            RecipientState.Delivered => "delivered",
            RecipientState.Refused => "refused",
            RecipientState.Expired => "expired",
            RecipientState.Withdrawn => "withdrawn",
            _ => "deferred",
        };
        _deliveries.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (state == RecipientState.Delivered)
        {
            _deliverySeconds.Record(age.TotalSeconds);
        }
    }

    /// <summary>A message was verified.</summary>
    public void Verification(AuthenticationReport report)
    {
        Result("spf", report.SpfMailFrom.Verdict);
        foreach (var signature in report.Dkim)
        {
            Result("dkim", signature.Verdict);
        }

        Result("arc", report.Arc.Verdict);
        Result("dmarc", report.Dmarc.Verdict);
    }

    /// <summary>A post was sealed.</summary>
    public void Seal() => _seals.Add(1);

    /// <summary>A provider complained about a copy, and proved that it had it.</summary>
    /// <param name="isAbuse">True when the recipient took it for abuse.</param>
    public void Complaint(bool isAbuse) => _complaints.Add(1, new KeyValuePair<string, object?>("type", isAbuse ? "abuse" : "other"));

    /// <summary>A name server answered, or did not.</summary>
    public void Dns(DnsStatus status, TimeSpan took) => _dnsSeconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("status", Words<DnsStatus>.Of(status)));

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private void Result<T>(string method, T verdict)
        where T : struct, Enum =>
        _results.Add(1, new KeyValuePair<string, object?>("method", method), new KeyValuePair<string, object?>("result", Words<T>.Of(verdict)));

    private static InstrumentAdvice<double> Buckets(params double[] bounds) => new() { HistogramBucketBoundaries = bounds };

    private static class Words<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<T, string> All = Enum.GetValues<T>().ToDictionary(value => value, value => value.ToString().ToLowerInvariant());

        public static string Of(T value) => All[value];
    }
}
