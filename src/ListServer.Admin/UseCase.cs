using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ListServer.Admin.Audit;
using ListServer.Admin.People;
using ListServer.Admin.Posts;
using ListServer.Admin.Publishing;
using ListServer.Admin.Queue;
using ListServer.Admin.Reports;
using ListServer.Admin.SentReports;
using ListServer.Admin.Tokens;
using ListServer.Lists;
using ListServer.Lists.Membership;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Notices;
using ListServer.Lists.Publishing;
using ListServer.Lists.Reports;
using ListServer.MailAuth;
using ListServer.MailAuth.Dns;
using ListServer.Store;
using ListServer.Store.Changes;
using ListServer.Store.Queue;

namespace ListServer.Admin;

/// <summary>
/// One thing that people do with the server. Pages, API, command line and mail commands make a use case and run it:
/// there is no other way to change state. The record's properties are its arguments, so it can travel as JSON.
/// </summary>
/// <typeparam name="T">The answer's type.</typeparam>
public abstract record UseCase<T>
{
    /// <summary>Does it, or says why not. Nothing is half-done: all changes are one commit.</summary>
    public abstract Task<Outcome<T>> RunAsync(AdminContext context, CancellationToken cancellationToken);

    /// <summary>True for one that changes nothing: many of them run at once, beside one that does.</summary>
    internal virtual bool OnlyLooks => false;

    /// <summary>Finds out what others take their time to answer, such as DNS, before its turn comes: the use case with what was found.</summary>
    internal virtual Task<UseCase<T>> PrepareAsync(AdminContext context, CancellationToken cancellationToken) => Task.FromResult(this);
}

/// <summary>A use case that only looks: many may run at once.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
public abstract record Query<T> : UseCase<T>
{
    /// <summary>What was asked for, or why it can't be shown.</summary>
    protected abstract Outcome<T> Look(AdminContext context);

    /// <inheritdoc/>
    public sealed override Task<Outcome<T>> RunAsync(AdminContext context, CancellationToken cancellationToken) =>
        Task.FromResult(Look(context));

    internal sealed override bool OnlyLooks => true;
}

/// <summary>What a use case works with.</summary>
/// <param name="Store">The state.</param>
/// <param name="Time">The clock.</param>
/// <param name="Actor">Who asks, for the record: "ken at the command line", an address …</param>
public sealed record AdminContext(ListStore Store, TimeProvider Time, string Actor)
{
    /// <summary>The caps on questions to addresses (AUTH-97), shared by all who ask on this store; those of the last day count.</summary>
    public ConfirmationLimits Questions { get; } = Recall(Store, Time);

    /// <summary>The server's name, as reports give it.</summary>
    public string HostName { get; init; } = Environment.MachineName.ToLowerInvariant();

    /// <summary>How the world sees the server.</summary>
    public PublicFace Face { get => field ?? new PublicFace(HostName); init; }

    /// <summary>Asks DNS anew each time; null where no server runs: then nothing is known of its name servers.</summary>
    public IDnsResolver? Dns { get; init; }

    /// <summary>The names of addresses in reports; null where no server runs: then they stay addresses.</summary>
    public HostNames? HostNames { get; init; }

    /// <summary>Fetches MTA-STS policies.</summary>
    public LookAtSts LookAtSts { get; init; } = (_, _, _) => Task.FromResult(new StsSeen("", [], "nobody here can fetch it"));

    /// <summary>How fast copies go to a domain; null for nothing known. The host says it, where deliveries run.</summary>
    public Func<string, DestinationPace?> PaceOf { get; init; } = _ => null;

    /// <summary>
    /// Finds out about a message that somebody, named in words, gives to this server by hand; null where none runs: then nothing can be sent.
    /// </summary>
    public Func<RawMessage, string, CancellationToken, Task<Verified>>? VerifyLocal { get; init; }

    /// <summary>
    /// Takes a message through all that would happen to it if it came to a list now, for somebody named in words; null where no server runs:
    /// then nothing is known of its name, its name servers and whom it trusts.
    /// </summary>
    public Func<TryPost, MailingList, string, CancellationToken, Task<Outcome<PostTrial>>>? TryPost { get; init; }

    /// <summary>Says what a report would tell; null where no server runs.</summary>
    public Func<DueReport, CancellationToken, Task<ReportPreview>>? PreviewReport { get; init; }

    /// <summary>Sends the reports of all days that are over; null where no server runs.</summary>
    public Func<CancellationToken, Task<ImmutableArray<ReportOutcome>>>? SendReports { get; init; }

    /// <summary>How long a copy waits at the most.</summary>
    public TimeSpan CopyLifetime { get; init; } = QueueGroup.Lifetime;

    /// <summary>What an address is asked that wants to join a list, without the token: evidence of consent (AUTH-83). Empty where nobody asks.</summary>
    public Func<MailingList, string, string> JoinWording { get; init; } = (_, _) => "";

    /// <summary>The texts of notices that stand in files: what templates in the store stand in for.</summary>
    public Func<NoticeTemplates> Templates { get; init; } = () => throw new InvalidOperationException("Nobody said where the templates are.");

    /// <summary>True where webhooks may be told without TLS: the operator named networks of their own for them.</summary>
    public bool ClearWebhooks { get; init; }

    /// <summary>Who reads postmaster's mail; empty for nobody.</summary>
    public string Postmaster { get; init; } = "";

    /// <summary>How much has to be reported before a stricter DMARC policy is proposed.</summary>
    public DmarcThresholds Dmarc { get; init; } = new();

    /// <summary>Whom the operator trusts.</summary>
    public OperatorTrust Trust { get; init; } = new();

    /// <summary>Writes to somebody who wants to sign in; null where no server runs: then nobody can be written to.</summary>
    public Func<SignInLetter, CancellationToken, Task>? SendSignIn { get; init; }

    /// <summary>Where people reach the pages; null for nowhere.</summary>
    public Func<Uri?> WebAddress { get; init; } = () => null;

    /// <summary>The caps on sign-ins, shared by all who ask on this store.</summary>
    internal SignInLimits SignIns { get; } = new(Time);

    /// <summary>The caps on tokens of the API, shared by all who bring one.</summary>
    internal TokenLimits Tokens { get; } = new(Time);

    /// <summary>What is being done just now for programs that may ask for it again.</summary>
    internal ConcurrentDictionary<string, bool> RepeatsUnderWay { get; } = new();

    /// <summary>The use case that runs, for the record of changes.</summary>
    internal string UseCase { get; init; } = "";

    /// <summary>Makes changes, and writes down in the same commit who made them.</summary>
    internal Task CommitAsync(IReadOnlyList<Change> changes, CancellationToken cancellationToken) =>
        Store.CommitAsync(AuditTrail.Of(changes, this) is { } entry ? [.. changes, new AuditAdded(entry)] : changes, cancellationToken);

    /// <inheritdoc cref="CommitAsync(IReadOnlyList{Change}, CancellationToken)"/>
    internal Task CommitAsync(Change change, CancellationToken cancellationToken) => CommitAsync([change], cancellationToken);

    private static ConfirmationLimits Recall(ListStore store, TimeProvider time)
    {
        var limits = new ConfirmationLimits(time);
        foreach (var asked in store.Confirmations().Where(question => question is { PostId: null, Join: null }).OrderBy(question => question.ExpiresAt))
        {
            limits.Remember(asked.Address, asked.ExpiresAt - ConfirmationToken.Lifetime);
        }

        return limits;
    }
}

/// <summary>Where a use case is run: here on the open store, or by the server that has it open.</summary>
public interface IAdminDesk
{
    /// <summary>Runs it and brings back how it ended.</summary>
    Task<Outcome<T>> RunAsync<T>(UseCase<T> useCase, CancellationToken cancellationToken);
}

/// <summary>
/// Runs use cases on a store that this process has open. Those that change state run one after the other,
/// so that what one has checked still holds when it commits.
/// </summary>
public sealed class LocalDesk : IAdminDesk
{
    private readonly AdminContext _context;
    private readonly SemaphoreSlim _turn;

    /// <summary>Opens the desk.</summary>
    public LocalDesk(AdminContext context)
        : this(context, new SemaphoreSlim(1))
    {
    }

    private LocalDesk(AdminContext context, SemaphoreSlim turn) => (_context, _turn) = (context, turn);

    /// <summary>The same desk for somebody else.</summary>
    public LocalDesk For(string actor) => new(_context with { Actor = actor }, _turn);

    /// <inheritdoc/>
    public async Task<Outcome<T>> RunAsync<T>(UseCase<T> useCase, CancellationToken cancellationToken)
    {
        var context = _context with { UseCase = useCase.GetType().Name };
        if (useCase.OnlyLooks)
        {
            return await useCase.RunAsync(context, cancellationToken);
        }

        var prepared = await useCase.PrepareAsync(context, cancellationToken);
        return await TakeTurnAsync(() => prepared.RunAsync(context, cancellationToken), cancellationToken);
    }

    /// <summary>Runs a use case only where what it changes is still as somebody saw it: nobody comes in between.</summary>
    /// <param name="look">Shows what it changes; when it is refused, so is the use case.</param>
    /// <param name="isAsSeen">True when it is as it was.</param>
    /// <param name="useCase">What to do then.</param>
    /// <param name="cancellationToken">Ends the wait for its turn.</param>
    /// <returns>Null where it is not as it was.</returns>
    public async Task<Outcome<T>?> RunIfAsync<TSeen, T>(Query<TSeen> look, Predicate<TSeen> isAsSeen, UseCase<T> useCase, CancellationToken cancellationToken)
    {
        var context = _context with { UseCase = useCase.GetType().Name };
        var prepared = await useCase.PrepareAsync(context, cancellationToken);
        return await TakeTurnAsync(
            async () => await look.RunAsync(context, cancellationToken) switch
            {
                Outcome<TSeen>.Refused refused => new Outcome<T>.Refused(refused.Kind, refused.Message),
                Outcome<TSeen>.Done(var seen) when isAsSeen(seen) => await prepared.RunAsync(context, cancellationToken),
                _ => null,
            },
            cancellationToken);
    }

    /// <summary>
    /// Tells, at once and then after commits, that something of a topic may have changed, until it is cancelled. What comes in while somebody
    /// looks is told once.
    /// </summary>
    public async IAsyncEnumerable<Topic> NewsAsync(Topic topics, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var news = Channel.CreateBounded<Topic>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        news.Writer.TryWrite(topics);
        _context.Store.Committed += Hear;
        try
        {
            await foreach (var heard in news.Reader.ReadAllAsync(cancellationToken))
            {
                yield return heard;
            }
        }
        finally
        {
            _context.Store.Committed -= Hear;
        }

        void Hear(IReadOnlyList<Change> changes)
        {
            if (changes.Any(change => (Topics.Of(change) & topics) != Topic.None))
            {
                news.Writer.TryWrite(topics);
            }
        }
    }

    private async Task<T> TakeTurnAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await act();
        }
        finally
        {
            _turn.Release();
        }
    }
}
