namespace ListServer.Soak;

/// <summary>What was acknowledged, and what came out: every post to every member it must reach.</summary>
internal sealed class Books
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Post, string Recipient), int> _arrived = [];
    private readonly List<string> _acknowledged = [];

    /// <summary>Posts that the server answered with 250.</summary>
    public IReadOnlyList<string> Acknowledged
    {
        get
        {
            lock (_gate)
            {
                return [.. _acknowledged];
            }
        }
    }

    /// <summary>Transactions of which at least one recipient had had the post before.</summary>
    public int RepeatedTransactions { get; private set; }

    public void Acknowledge(string post)
    {
        lock (_gate)
        {
            _acknowledged.Add(post);
        }
    }

    public void Arrive(string post, IReadOnlyList<string> recipients)
    {
        lock (_gate)
        {
            var isRepeated = false;
            foreach (var recipient in recipients)
            {
                var count = _arrived.GetValueOrDefault((post, recipient)) + 1;
                _arrived[(post, recipient)] = count;
                isRepeated |= count > 1;
            }

            RepeatedTransactions += isRepeated ? 1 : 0;
        }
    }

    /// <summary>How many members have had a post.</summary>
    public int Arrived(string post)
    {
        lock (_gate)
        {
            return _arrived.Keys.Count(arrived => arrived.Post == post);
        }
    }

    /// <summary>The acknowledged posts that some of these members have not had yet, as "post to recipient".</summary>
    public IReadOnlyList<string> Missing(IReadOnlyList<string> members)
    {
        lock (_gate)
        {
            return [.. _acknowledged.SelectMany(post => members.Where(member => !_arrived.ContainsKey((post, member))).Select(member => $"{post} to {member}"))];
        }
    }
}
