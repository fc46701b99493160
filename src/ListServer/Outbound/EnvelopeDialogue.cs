using System.Collections.Immutable;

namespace ListServer.Outbound;

/// <summary>
/// One transaction as one server can take it: whom it names, how it is written, and what became of each recipient so far.
/// </summary>
internal sealed class EnvelopeDialogue
{
    private readonly Outcome?[] _outcomes;
    private readonly string _host;
    private bool _needsUtf8;

    private EnvelopeDialogue(OutboundTransaction transaction, string host)
    {
        Transaction = transaction;
        _host = host;
        _outcomes = new Outcome?[transaction.Recipients.Length];
    }

    public OutboundTransaction Transaction { get; }

    /// <summary>The reverse-path and its parameters as they stand behind "MAIL FROM:".</summary>
    public string MailArgument { get; private set; } = "";

    /// <summary>The recipients to name, by their place in the transaction, with the path to write.</summary>
    public List<(int Index, string Path)> Named { get; } = [];

    /// <summary>True when the dialogue began with RSET, whose reply comes first.</summary>
    public bool HasReset { get; set; }

    /// <summary>True when RCPT was accepted for somebody.</summary>
    public bool IsAnyNamedAccepted { get; set; }

    /// <summary>True when a recipient is still without an outcome.</summary>
    public bool HasOpenRecipient => Array.Exists(_outcomes, o => o is null);

    /// <summary>Looks at a transaction in the light of what the server offers; what can't go there gets its outcome here.</summary>
    public static EnvelopeDialogue Prepare(OutboundTransaction transaction, ServerCapabilities server, string host)
    {
        var dialogue = new EnvelopeDialogue(transaction, host);
        var reverse = default(WirePath);
        string? reverseFault = null;
        if (transaction.ReversePath.Length > 0)
        {
            PathSyntax.TryPrepare(transaction.ReversePath, out reverse, out reverseFault);
        }

        if (dialogue.FindObstacle(server, reverse, reverseFault) is { } obstacle)
        {
            dialogue.Settle(obstacle);
            return dialogue;
        }

        dialogue.NameRecipients(server);
        dialogue.MailArgument = dialogue.WriteMailArgument(server, reverse);
        return dialogue;
    }

    /// <summary>Gives one recipient its outcome.</summary>
    public void Settle(int index, Outcome outcome) => _outcomes[index] ??= outcome;

    /// <summary>Gives every recipient that has none yet its outcome.</summary>
    public void Settle(Outcome outcome)
    {
        for (var i = 0; i < _outcomes.Length; i++)
        {
            _outcomes[i] ??= outcome;
        }
    }

    /// <summary>All outcomes, in the order of the transaction's recipients.</summary>
    public ImmutableArray<RecipientResult> ToResult() =>
        [.. Transaction.Recipients.Zip(_outcomes, (recipient, outcome) => new RecipientResult(recipient, outcome!))];

    private Outcome? FindObstacle(ServerCapabilities server, WirePath reverse, string? reverseFault)
    {
        var copy = Transaction.Copy;
        if (copy.Fault is { } fault)
        {
            return Refuse("5.6.0", $"the copy was not sent: {fault}", OutcomeCause.BadOctets);
        }

        if (reverseFault is not null)
        {
            return Refuse("5.1.7", $"the return address was not sent: {reverseFault}", OutcomeCause.BadAddress);
        }

        if (copy.IsEightBit && !server.EightBitMime)
        {
            return Refuse("5.6.3", "the copy has octets above 127 and the server does not offer 8BITMIME", OutcomeCause.EightBitNotOffered);
        }

        if (reverse.NeedsUtf8 && !server.SmtpUtf8)
        {
            return Refuse("5.6.7", "the return address needs SMTPUTF8, which the server does not offer", OutcomeCause.Utf8NotOffered);
        }

        return server.SizeLimit is { } limit && copy.Length > limit
            ? Refuse("5.3.4", $"the copy has {copy.Length} octets and the server takes {limit}", OutcomeCause.TooLarge)
            : null;
    }

    private void NameRecipients(ServerCapabilities server)
    {
        for (var i = 0; i < Transaction.Recipients.Length; i++)
        {
            if (!PathSyntax.TryPrepare(Transaction.Recipients[i], out var path, out var fault))
            {
                Settle(i, Refuse("5.1.3", $"the address was not sent: {fault}", OutcomeCause.BadAddress));
            }
            else if (path.NeedsUtf8 && !server.SmtpUtf8)
            {
                Settle(i, Refuse("5.6.7", "the address needs SMTPUTF8, which the server does not offer", OutcomeCause.Utf8NotOffered));
            }
            else
            {
                _needsUtf8 |= path.NeedsUtf8;
                Named.Add((i, path.Text));
            }
        }
    }

    private string WriteMailArgument(ServerCapabilities server, WirePath reverse)
    {
        var size = server.Size ? $" SIZE={Transaction.Copy.Length}" : "";
        var body = Transaction.Copy.IsEightBit ? " BODY=8BITMIME" : "";
        var utf8 = _needsUtf8 || reverse.NeedsUtf8 ? " SMTPUTF8" : "";
        return $"<{reverse.Text}>{size}{body}{utf8}";
    }

    private Outcome Refuse(string enhanced, string text, OutcomeCause cause) =>
        Outcome.Local(554, enhanced, text, SessionPhase.Mail, cause, _host);
}
