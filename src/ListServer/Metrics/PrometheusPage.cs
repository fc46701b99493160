using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace ListServer.Metrics;

/// <summary>All instruments of a server in Prometheus' text format, version 0.0.4.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class PrometheusPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();

    public PrometheusPage(Instruments instruments)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, instruments.Meter))
            {
                var series = new Series(instrument);
                lock (_series)
                {
                    _series[instrument.Name] = series;
                }

                listener.EnableMeasurementEvents(instrument, series);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, labels, series) => ((Series)series!).Take(value, labels));
        _listener.SetMeasurementEventCallback<int>((_, value, labels, series) => ((Series)series!).Take(value, labels));
        _listener.SetMeasurementEventCallback<double>((_, value, labels, series) => ((Series)series!).Take(value, labels));
        _listener.Start();
    }

    public string Write()
    {
        Series[] all;
        lock (_series)
        {
            all = [.. _series.Values];
        }

        // Two who ask at once would read each other's gauges half done.
        lock (_writing)
        {
            Array.ForEach(all, series => series.ForgetGauge());
            _listener.RecordObservableInstruments();
            var page = new StringBuilder(4096);
            Array.ForEach(all, series => series.WriteTo(page));
            return page.ToString();
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>All values of one instrument, by the values of up to two labels.</summary>
    private sealed class Series(Instrument instrument)
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<(object? First, object? Second), Cell> _cells = [];
        private readonly double[] _bounds = instrument is Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } ? [.. bounds] : [];
        private readonly string[] _names = new string[2];

        private string Kind => instrument is Histogram<double> ? "histogram" : instrument.IsObservable ? "gauge" : "counter";

        public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
        {
            var key = (labels.Length > 0 ? labels[0].Value : null, labels.Length > 1 ? labels[1].Value : null);
            lock (_gate)
            {
                if (!_cells.TryGetValue(key, out var cell))
                {
                    _cells.Add(key, cell = new Cell(_bounds.Length));
                    for (var i = 0; i < labels.Length; i++)
                    {
                        _names[i] = labels[i].Key;
                    }
                }

                cell.Sum += value;
                cell.Count++;
                for (var i = _bounds.Length - 1; i >= 0 && value <= _bounds[i]; i--)
                {
                    cell.UpTo[i]++;
                }
            }
        }

        public void ForgetGauge()
        {
            if (instrument.IsObservable)
            {
                lock (_gate)
                {
                    _cells.Clear();
                }
            }
        }

        public void WriteTo(StringBuilder page)
        {
            page.Append(CultureInfo.InvariantCulture, $"# HELP {instrument.Name} {instrument.Description}\n# TYPE {instrument.Name} {Kind}\n");
            lock (_gate)
            {
                foreach (var (labels, cell) in _cells)
                {
                    if (instrument is Histogram<double>)
                    {
                        WriteBuckets(page, labels, cell);
                    }
                    else
                    {
                        Line(page, "", labels, null, cell.Sum);
                    }
                }
            }
        }

        private void WriteBuckets(StringBuilder page, (object?, object?) labels, Cell cell)
        {
            for (var i = 0; i < _bounds.Length; i++)
            {
                Line(page, "_bucket", labels, _bounds[i].ToString(CultureInfo.InvariantCulture), cell.UpTo[i]);
            }

            Line(page, "_bucket", labels, "+Inf", cell.Count);
            Line(page, "_sum", labels, null, cell.Sum);
            Line(page, "_count", labels, null, cell.Count);
        }

        private void Line(StringBuilder page, string suffix, (object? First, object? Second) labels, string? bound, double value)
        {
            List<string> pairs = [];
            pairs.AddRange(Pair(_names[0], labels.First));
            pairs.AddRange(Pair(_names[1], labels.Second));
            pairs.AddRange(Pair("le", bound));
            var braces = pairs.Count > 0 ? $"{{{string.Join(',', pairs)}}}" : "";
            page.Append(CultureInfo.InvariantCulture, $"{instrument.Name}{suffix}{braces} {value}\n");
        }

        private static IEnumerable<string> Pair(string name, object? value) => value is null ? [] : [$"{name}=\"{Escape(value.ToString()!)}\""];

        private static string Escape(string text) =>
            text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
    }

    private sealed class Cell(int buckets)
    {
        public double Sum { get; set; }

        public long Count { get; set; }

        public long[] UpTo { get; } = new long[buckets];
    }
}
