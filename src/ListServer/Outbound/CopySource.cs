using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Files;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>What is a recipient's own in a copy.</summary>
/// <param name="ReversePath">MAIL FROM without angle brackets.</param>
/// <param name="Header">The header block, the empty line included; null where the octets are those that all share.</param>
public sealed record PersonalPart(string ReversePath, byte[]? Header);

/// <summary>
/// Makes what is a recipient's own; null when it can't be made now. The same recipient of the same group gets the same octets at every
/// attempt.
/// </summary>
/// <param name="group">The group.</param>
/// <param name="recipient">The recipient.</param>
/// <param name="shared">The copy as it was queued.</param>
/// <param name="body">The hash of its body.</param>
public delegate PersonalPart? PersonalMaker(QueueGroup group, QueueRecipient recipient, RawMessage shared, BodyHash body);

/// <summary>A copy for hosts that do not offer 8BITMIME.</summary>
/// <param name="Octets">All of it in ASCII; null when there is none.</param>
/// <param name="Problem">Why there is none, in words.</param>
/// <param name="IsLasting">False when it may be made later.</param>
public sealed record SevenBitCopy(byte[]? Octets, string Problem = "", bool IsLasting = true);

/// <summary>Makes the variant of a group's copy that has no octet above 127 (AUTH-37).</summary>
/// <param name="group">The group.</param>
/// <param name="cancellationToken">Gives it up.</param>
/// <exception cref="IOException">The post can't be read.</exception>
public delegate Task<SevenBitCopy> SevenBitMaker(QueueGroup group, CancellationToken cancellationToken);

/// <summary>
/// The octets of queued copies. Those that several groups share are read, looked through and hashed once; the last few stay in memory.
/// </summary>
/// <param name="store">Where they stand.</param>
/// <param name="personal">Makes the part of a recipient whose <see cref="QueueRecipient.Data"/> is not null.</param>
/// <param name="sevenBit">Makes what goes to hosts without 8BITMIME.</param>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class CopySource(ListStore store, PersonalMaker personal, SevenBitMaker sevenBit)
{
    private const int Kept = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, QueuedCopy> _open = [];
    private readonly LinkedList<QueuedCopy> _unused = [];

    /// <summary>The octets of a group; to be disposed when its transactions are over.</summary>
    /// <exception cref="IOException">They can't be read.</exception>
    public GroupCopies Open(QueueGroup group)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue(group.CopyId, out var copy))
            {
                _open.Add(group.CopyId, copy = new QueuedCopy(group.CopyId, store.Spool.Open(group.CopyId)));
            }

            if (copy.Users++ == 0)
            {
                _unused.Remove(copy);
            }

            return new GroupCopies(group, copy, personal, sevenBit, this);
        }
    }

    internal void Release(QueuedCopy copy)
    {
        lock (_gate)
        {
            if (--copy.Users > 0)
            {
                return;
            }

            _unused.AddLast(copy);
            if (_unused.Count > Kept)
            {
                var oldest = _unused.First!.Value;
                _unused.RemoveFirst();
                _open.Remove(oldest.Id);
                oldest.Content.Dispose();
            }
        }
    }
}

/// <summary>A queued copy in memory.</summary>
internal sealed class QueuedCopy(string id, SpoolContent content)
{
    private readonly Lock _gate = new();
    private Task<(CopyForm? Form, SevenBitCopy Made)>? _sevenBit;

    public string Id => id;

    public SpoolContent Content => content;

    public CopyForm Form { get; } = new(content.Octets);

    /// <summary>How many groups are at it. Guarded by the source.</summary>
    public int Users { get; set; }

    /// <summary>The variant in ASCII, made once for all groups unless it fails for the moment only.</summary>
    public Task<(CopyForm? Form, SevenBitCopy Made)> SevenBitAsync(Func<Task<SevenBitCopy>> make)
    {
        lock (_gate)
        {
            return _sevenBit ??= MakeAsync(make);
        }
    }

    private async Task<(CopyForm? Form, SevenBitCopy Made)> MakeAsync(Func<Task<SevenBitCopy>> make)
    {
        await Task.Yield();
        var isKept = false;
        try
        {
            var made = await make().ConfigureAwait(false);
            isKept = made.IsLasting;
            return (made.Octets is { } octets ? new CopyForm(octets) : null, made);
        }
        finally
        {
            if (!isKept)
            {
                lock (_gate)
                {
                    _sevenBit = null;
                }
            }
        }
    }
}

/// <summary>The octets of a copy, looked through and hashed once.</summary>
internal sealed class CopyForm
{
    private readonly Lazy<BodyHash> _hash;

    public CopyForm(ReadOnlyMemory<byte> octets)
    {
        Message = RawMessage.Parse(octets);
        Octets = new CopyOctets(new CopyPart(octets[..^Message.Body.Length]), new CopyPart(Message.Body));
        _hash = new Lazy<BodyHash>(() => BodyHash.Compute(Message.Body.Span));
    }

    public RawMessage Message { get; }

    public CopyOctets Octets { get; }

    public BodyHash Hash => _hash.Value;
}

/// <summary>The copies of one group while they are on their way. For one courier.</summary>
public sealed class GroupCopies : IDisposable
{
    private readonly QueueGroup _group;
    private readonly QueuedCopy _copy;
    private readonly PersonalMaker _personal;
    private readonly SevenBitMaker _sevenBit;
    private readonly CopySource _source;
    private CopyForm _form;

    internal GroupCopies(QueueGroup group, QueuedCopy copy, PersonalMaker personal, SevenBitMaker sevenBit, CopySource source) =>
        (_group, _copy, _personal, _sevenBit, _source, _form) = (group, copy, personal, sevenBit, source, copy.Form);

    /// <summary>The copy for all that have none of their own.</summary>
    public CopyOctets Shared => _form.Octets;

    /// <summary>A recipient's own copy, or the shared one, with a reverse-path of the recipient's own; null when it can't be made now.</summary>
    public OutboundTransaction? Personal(QueueRecipient recipient) =>
        _personal(_group, recipient, _form.Message, _form.Hash) is { } part
            ? new OutboundTransaction(part.ReversePath, [recipient.Address], part.Header is { } header ? new CopyOctets(new CopyPart(header), _form.Octets.Body) : _form.Octets)
            : null;

    /// <summary>From here on copies are in ASCII. Answers what was made; without octets nothing changes.</summary>
    /// <exception cref="IOException">The post can't be read.</exception>
    public async Task<SevenBitCopy> TurnSevenBitAsync(CancellationToken cancellationToken)
    {
        var (form, made) = await _copy.SevenBitAsync(() => _sevenBit(_group, cancellationToken)).ConfigureAwait(false);
        _form = form ?? _form;
        return made;
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Release(_copy);
}
