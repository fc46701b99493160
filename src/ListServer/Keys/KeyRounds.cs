using ListServer.Admin;
using ListServer.Admin.Keys;
using ListServer.Hosting;
using ListServer.Lists;
using ListServer.Lists.Publishing;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Changes;
using Microsoft.Extensions.Logging;

namespace ListServer.Keys;

/// <summary>
/// Keys follow each other by themselves (AUTH-35): a new one is made when the present one is old enough, signs when all name servers of the zone show it, and
/// its predecessor is kept in DNS for as long as mail bears its signature. Where a step can't be done, the key says why.
/// </summary>
/// <param name="store">Knows the keys.</param>
/// <param name="desk">Where each step is done.</param>
/// <param name="look">Asks DNS.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears of each step, and of what is in its way.</param>
internal sealed partial class KeyRounds(ListStore store, IAdminDesk desk, AuthorityLook look, TimeProvider time, ILogger<KeyRounds> log)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromMinutes(1);

    // When each key is to be looked at again: those of the last round, so that a key whose file is gone is due no more.
    private Dictionary<(string Domain, string Selector), DateTimeOffset> _next = [];

    /// <summary>Runs until it is cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) =>
        NewsLoop.RunAsync(store, time, changes => changes.Any(change => change is KeySaved { Key.Stage: KeyStage.Made } or DomainSaved), GoAsync, cancellationToken);

    /// <summary>Does all that is due, and answers how long nothing more will be.</summary>
    public async Task<TimeSpan> GoAsync(CancellationToken cancellationToken)
    {
        var next = new Dictionary<(string Domain, string Selector), DateTimeOffset>();
        var isTroubled = false;
        foreach (var domain in store.Domains.Where(domain => !domain.SendsNothing || store.DomainKeys(domain.Name).Any()))
        {
            try
            {
                var keys = await KeysAsync(domain.Name, cancellationToken);
                keys = await MakeAsync(domain, keys, cancellationToken) ? await KeysAsync(domain.Name, cancellationToken) : keys;
                await LookAsync(keys, next, cancellationToken);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                // One domain's trouble is none of the others'.
                LogDisk(log, problem.Message);
                isTroubled = true;
            }
        }

        _next = next;
        return isTroubled ? AfterTrouble
            : next.Count == 0 ? LongestPause
            : TimeSpan.FromTicks(Math.Clamp((next.Values.Min() - time.GetUtcNow()).Ticks, TimeSpan.TicksPerSecond, LongestPause.Ticks));
    }

    private async Task<IReadOnlyList<DomainKey>> KeysAsync(string domain, CancellationToken cancellationToken) =>
        await desk.RunAsync(new BrowseKeys(domain), cancellationToken) is Outcome<IReadOnlyList<DomainKey>>.Done(var keys) ? keys : [];

    /// <summary>A key that is old enough gets a successor; it signs on until DNS shows that one.</summary>
    private async Task<bool> MakeAsync(MailDomain domain, IReadOnlyList<DomainKey> keys, CancellationToken cancellationToken)
    {
        if (domain.RotateDays == 0 || keys.Any(key => key.Stage == KeyStage.Made)
            || keys.FirstOrDefault(key => key.Selector == domain.Selector) is not { } used || used.Since.AddDays(domain.RotateDays) > time.GetUtcNow()
            || await desk.RunAsync(new RotateKey(domain.Name), cancellationToken) is not Outcome<KeyAnswer>.Done(var made))
        {
            return false;
        }

        LogMade(log, made.Selector, made.Domain, domain.RotateDays, made.ZoneLine);
        return true;
    }

    private async Task LookAsync(IReadOnlyList<DomainKey> keys, Dictionary<(string Domain, string Selector), DateTimeOffset> next, CancellationToken cancellationToken)
    {
        foreach (var key in keys)
        {
            var name = (key.Domain, key.Selector);
            if (_next.TryGetValue(name, out var at) && at > time.GetUtcNow())
            {
                next[name] = at;
            }
            else if (await LookAsync(key, cancellationToken) is { } seen && seen.NextLook(time.GetUtcNow()) is { } later)
            {
                next[name] = later;
            }
        }
    }

    /// <summary>One look at one key, and what follows from it; null for a key that nobody has to look at.</summary>
    private async Task<DomainKey?> LookAsync(DomainKey key, CancellationToken cancellationToken)
    {
        if (key.Stage == KeyStage.Retired)
        {
            return null;
        }

        // A leaving key waits for its time only.
        var sighting = key.Stage == KeyStage.Leaving ? new Sighting(KeySight.Unasked) : await LookForAsync(key, cancellationToken);
        if (await desk.RunAsync(new SeeKey(key.Domain, key.Selector, sighting.Sight, sighting.Why), cancellationToken) is not Outcome<DomainKey>.Done(var seen))
        {
            return null;
        }

        if (seen.Stage != key.Stage)
        {
            LogStage(log, seen.Selector, seen.Domain, seen.Stage);
        }
        else if (seen.IsLost && !key.IsLost)
        {
            LogLost(log, seen.Selector, seen.Domain, seen.Problem);
        }
        else if (seen.Problem != key.Problem && seen.Problem.Length > 0)
        {
            LogProblem(log, seen.Selector, seen.Domain, seen.Stage, seen.Problem);
        }

        return seen;
    }

    private async Task<Sighting> LookForAsync(DomainKey key, CancellationToken cancellationToken)
    {
        if (Read(key) is not { } signing)
        {
            return new Sighting(KeySight.Unasked, $"the key {key.Selector} of {key.Domain} can't be read from the data folder");
        }

        using (signing)
        {
            return await look.LookAsync(new SigningIdentity(key.Domain, key.Selector, signing), cancellationToken);
        }
    }

    private SigningKey? Read(DomainKey key)
    {
        try
        {
            return store.Keys.Load(key.Domain, key.Selector) is { } stored && SigningKey.TryLoad(stored.Pem, null, out var signing, out _) ? signing : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The key {Selector} of {Domain} is made, as its predecessor is {Days} days old. It signs as soon as all name servers show it; publish: {Record}")]
    private static partial void LogMade(ILogger logger, string selector, string domain, int days, string record);

    [LoggerMessage(2, LogLevel.Information, "The key {Selector} of {Domain} is now {Stage}")]
    private static partial void LogStage(ILogger logger, string selector, string domain, KeyStage stage);

    [LoggerMessage(3, LogLevel.Warning, "The key {Selector} of {Domain} stays {Stage}: {Problem}")]
    private static partial void LogProblem(ILogger logger, string selector, string domain, KeyStage stage, string problem);

    [LoggerMessage(4, LogLevel.Error, "DNS shows the key {Selector} of {Domain} no longer, so mail waits: {Problem}")]
    private static partial void LogLost(ILogger logger, string selector, string domain, string problem);

    [LoggerMessage(5, LogLevel.Error, "What DNS says of keys can't be written down for now: {Problem}")]
    private static partial void LogDisk(ILogger logger, string problem);
}
