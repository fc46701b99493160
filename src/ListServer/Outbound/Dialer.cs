using Microsoft.Extensions.Logging;

namespace ListServer.Outbound;

/// <summary>Opens a session for a lane with the first host that gives one; what all hosts refuse is news for the lane's pace.</summary>
internal sealed partial class Dialer(CourierKit kit, Lane lane, CancellationToken stop)
{
    /// <summary>The outcome of what a stop left untried.</summary>
    public static Outcome Stopped() => Outcome.Local(451, "4.3.2", "given up because this server stops", SessionPhase.Route, OutcomeCause.Stopped);

    /// <summary>A session with a host of the destination.</summary>
    public async Task<OpenResult> OpenAsync(string destination)
    {
        var route = await FindRouteAsync(destination).ConfigureAwait(false);
        kit.Tls.Add(route);
        var failure = route.Failure;
        Outcome? crowd = null;
        foreach (var hop in route.Hops)
        {
            var (isCrowded, seat) = await TakeSeatAsync(route, hop).ConfigureAwait(false);
            if (isCrowded)
            {
                crowd = Outcome.Local(451, "4.3.2", "as many connections as the host gets are open", SessionPhase.Connect, OutcomeCause.Crowded, hop.ToString());
                continue;
            }

            var opened = await kit.Connector.OpenAsync(hop, seat, stop).ConfigureAwait(false);
            kit.Tls.Add(route, hop, opened);
            if (opened.IsOpen)
            {
                return opened;
            }

            LogNoConnection(kit.Logger, lane.Name, opened.Failure);
            failure = failure is null || opened.Failure.Kind == OutcomeKind.Deferred ? opened.Failure : failure;
            if (opened.Failure.Cause == OutcomeCause.Stopped)
            {
                return opened;
            }
        }

        if (crowd is null && failure is not null)
        {
            lane.Report(failure);
        }

        return new OpenResult(null, crowd ?? failure);
    }

    /// <summary>A seat at a host that DNS named; an idle connection of another domain makes room.</summary>
    private async ValueTask<(bool IsCrowded, IDisposable? Seat)> TakeSeatAsync(Route route, Hop hop)
    {
        if (route.PolicyDomain is null)
        {
            return (false, null);
        }

        if (!kit.Seats.IsFree(hop.EndPoint))
        {
            await kit.Pool.CloseOldestAsync(hop.EndPoint).ConfigureAwait(false);
        }

        var seat = await kit.Seats.TakeAsync(hop.EndPoint, stop).ConfigureAwait(false);
        return (seat is null, seat);
    }

    private async Task<Route> FindRouteAsync(string destination)
    {
        try
        {
            return await kit.Routes.FindAsync(destination, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new Route([], Stopped());
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No connection for {Lane}: {Failure}")]
    private static partial void LogNoConnection(ILogger logger, string lane, Outcome failure);
}
