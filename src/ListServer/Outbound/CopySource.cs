using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Files;
using ListServer.Store.Queue;

namespace ListServer.Outbound;

/// <summary>What is a recipient's own in a copy.</summary>
/// <param name="ReversePath">MAIL FROM without angle brackets.</param>
/// <param name="Header">The header block, the empty line included.</param>
public sealed record PersonalPart(string ReversePath, byte[] Header);

/// <summary>
/// Makes what is a recipient's own; null when it can't be made now. The same recipient of the same group gets the same octets at every
/// attempt.
/// </summary>
/// <param name="group">The group.</param>
/// <param name="recipient">The recipient's address.</param>
/// <param name="shared">The copy as it was queued.</param>
/// <param name="body">The hash of its body.</param>
public delegate PersonalPart? PersonalMaker(QueueGroup group, string recipient, RawMessage shared, BodyHash body);

/// <summary>
/// The octets of queued copies. Those that several groups share are read, looked through and hashed once; the last few stay in memory.
/// </summary>
/// <param name="store">Where they stand.</param>
/// <param name="personal">Makes the part of a recipient whose <see cref="QueueRecipient.Data"/> is not null.</param>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class CopySource(ListStore store, PersonalMaker personal)
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

            return new GroupCopies(group, copy, personal, this);
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
internal sealed class QueuedCopy
{
    private readonly Lazy<BodyHash> _hash;

    public QueuedCopy(string id, SpoolContent content)
    {
        Id = id;
        Content = content;
        Message = RawMessage.Parse(content.Octets);
        Octets = new CopyOctets(new CopyPart(content.Octets[..^Message.Body.Length]), new CopyPart(Message.Body));
        _hash = new Lazy<BodyHash>(() => BodyHash.Compute(Message.Body.Span));
    }

    public string Id { get; }

    public SpoolContent Content { get; }

    public RawMessage Message { get; }

    public CopyOctets Octets { get; }

    public BodyHash Hash => _hash.Value;

    /// <summary>How many groups are at it. Guarded by the source.</summary>
    public int Users { get; set; }
}

/// <summary>The copies of one group while they are on their way.</summary>
public sealed class GroupCopies : IDisposable
{
    private readonly QueueGroup _group;
    private readonly QueuedCopy _copy;
    private readonly PersonalMaker _personal;
    private readonly CopySource _source;

    internal GroupCopies(QueueGroup group, QueuedCopy copy, PersonalMaker personal, CopySource source) =>
        (_group, _copy, _personal, _source) = (group, copy, personal, source);

    /// <summary>The copy for all that have none of their own.</summary>
    public CopyOctets Shared => _copy.Octets;

    /// <summary>A recipient's own copy and its reverse-path; null when it can't be made now.</summary>
    public OutboundTransaction? Personal(QueueRecipient recipient) =>
        _personal(_group, recipient.Address, _copy.Message, _copy.Hash) is { } part
            ? new OutboundTransaction(part.ReversePath, [recipient.Address], new CopyOctets(new CopyPart(part.Header), _copy.Octets.Body))
            : null;

    /// <inheritdoc/>
    public void Dispose() => _source.Release(_copy);
}
