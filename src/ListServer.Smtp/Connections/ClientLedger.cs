using System.Net;
using System.Runtime.InteropServices;

namespace ListServer.Smtp;

/// <summary>Counts connections by address and by the two networks around it (SEC-10). Safe from many threads.</summary>
internal sealed class ClientLedger(SmtpLimits limits, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<NetworkKey, Row> _rows = [];

    /// <summary>Counts a connection in, unless the address or a network around it is over its quota.</summary>
    public bool TryEnter(IPAddress address)
    {
        var now = clock.GetTimestamp();
        var networks = NetworkKey.Around(address);
        lock (_lock)
        {
            if (!HasRoom(networks.Address, limits.PerAddress, now)
                || !HasRoom(networks.Network, limits.PerNetwork, now)
                || !HasRoom(networks.WideNetwork, limits.PerWideNetwork, now))
            {
                return false;
            }
            Count(networks.Address, now);
            Count(networks.Network, now);
            Count(networks.WideNetwork, now);
            return true;
        }
    }

    /// <summary>Counts a connection out that <see cref="TryEnter"/> let in.</summary>
    public void Leave(IPAddress address)
    {
        var networks = NetworkKey.Around(address);
        lock (_lock)
        {
            CollectionsMarshal.GetValueRefOrNullRef(_rows, networks.Address).Open--;
            CollectionsMarshal.GetValueRefOrNullRef(_rows, networks.Network).Open--;
            CollectionsMarshal.GetValueRefOrNullRef(_rows, networks.WideNetwork).Open--;
        }
    }

    /// <summary>Drops rows that say nothing any more, so that a flood from everywhere does not stay in memory.</summary>
    public void Tidy()
    {
        var now = clock.GetTimestamp();
        lock (_lock)
        {
            foreach (var (key, row) in _rows)
            {
                if (row.Open == 0 && IsOver(row, now))
                    _rows.Remove(key);
            }
        }
    }

    private bool HasRoom(NetworkKey key, ClientQuota quota, long now)
    {
        if (!_rows.TryGetValue(key, out var row))
            return true;
        return row.Open < quota.Open && (row.New < quota.NewPerMinute || IsOver(row, now));
    }

    private void Count(NetworkKey key, long now)
    {
        ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, key, out var exists);
        if (!exists || IsOver(row, now))
            row = new Row { Open = row.Open, WindowStart = now };
        row.Open++;
        row.New++;
    }

    private bool IsOver(Row row, long now) => clock.GetElapsedTime(row.WindowStart, now) >= Window;

    private record struct Row
    {
        public int Open;
        public int New;
        public long WindowStart;
    }
}
