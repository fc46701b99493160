using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using ListServer.Outbound.Tls;
using ListServer.Smtp;

namespace ListServer.Outbound;

/// <summary>
/// An SMTP session as client (RFC 5321), greeted and ready for transactions. Octets leave as they are. Whatever the server
/// does, <see cref="SendAsync(OutboundTransaction, OutboundTransaction?, CancellationToken)"/> answers with an outcome for every recipient.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class SmtpClientConnection : IAsyncDisposable
{
    private readonly Wire _wire;
    private readonly OutboundOptions _options;
    private readonly TlsFault? _doubt;
    private EnvelopeDialogue? _begun;
    private bool _needsReset;
    private bool _isClosing;

    internal SmtpClientConnection(Wire wire, Hop hop, ServerCapabilities capabilities, OutboundOptions options, TlsFault? doubt)
    {
        _wire = wire;
        _options = options;
        _doubt = doubt;
        Hop = hop;
        Capabilities = capabilities;
        Host = hop.ToString();
    }

    /// <summary>Where it leads.</summary>
    public Hop Hop { get; }

    /// <summary>What the server offered.</summary>
    public ServerCapabilities Capabilities { get; }

    /// <summary>The host in text, as outcomes name it.</summary>
    public string Host { get; }

    /// <summary>"Tls13 TLS_AES_256_GCM_SHA384, DANE" (or another word for what was proved), or null in clear.</summary>
    public string? TlsDescription => _wire.Tls is { } tls ? $"{tls.SslProtocol} {tls.NegotiatedCipherSuite}, {Proof}" : null;

    /// <summary>What is given back when it is closed; null for nothing.</summary>
    internal IDisposable? Seat { get; init; }

    /// <summary>True while another transaction can be tried on it.</summary>
    public bool IsUsable => _wire.Fault is null && !_isClosing;

    /// <summary>True while it is usable and the server, as far as can be seen, still waits for us.</summary>
    public bool IsAlive => IsUsable && _begun is null && _wire.IsQuiet;

    /// <summary>How many transactions ended with a reply to their final dot.</summary>
    public int Completed { get; private set; }

    /// <summary>Sends one copy with none announced behind it.</summary>
    /// <inheritdoc cref="SendAsync(OutboundTransaction, OutboundTransaction?, CancellationToken)"/>
    public Task<ImmutableArray<RecipientResult>> SendAsync(OutboundTransaction transaction, CancellationToken cancellationToken) =>
        SendAsync(transaction, null, cancellationToken);

    /// <summary>Sends one copy.</summary>
    /// <param name="transaction">What to send.</param>
    /// <param name="next">
    /// The transaction that will follow, or null. Where the server knows PIPELINING its envelope goes out behind this one's final
    /// dot (RFC 2920 §3.1), which saves a round trip; then the next call must be for it.
    /// </param>
    /// <param name="cancellationToken">Stops: before the final dot at once, behind it after <see cref="OutboundOptions.StopGrace"/>.</param>
    /// <returns>An outcome for every recipient, in order.</returns>
    public async Task<ImmutableArray<RecipientResult>> SendAsync(
        OutboundTransaction transaction, OutboundTransaction? next, CancellationToken cancellationToken)
    {
        using var stop = _wire.StopOn(cancellationToken);
        var dialogue = TakeBegun(transaction);
        if (dialogue is null)
        {
            dialogue = EnvelopeDialogue.Prepare(transaction, Capabilities, Host);
            if (dialogue.Named.Count == 0)
            {
                return dialogue.ToResult();
            }

            Begin(dialogue);
        }

        await HoldAsync(dialogue, next).ConfigureAwait(false);

        // A server that talks without being asked is out of step: its next reply would be taken for another's.
        _isClosing |= _begun is null && _wire.HasUnread;
        return dialogue.ToResult();
    }

    /// <summary>Says QUIT and closes.</summary>
    public async Task QuitAsync()
    {
        if (IsUsable && _begun is null)
        {
            _wire.Output.Write("QUIT\r\n"u8);
            var within = TimeSpan.FromSeconds(Math.Min(2, _options.CommandTimeout.TotalSeconds));
            if (await _wire.FlushAsync(within).ConfigureAwait(false))
            {
                await _wire.ReadAsync(within).ConfigureAwait(false);
            }
        }

        await DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _wire.DisposeAsync().ConfigureAwait(false);
        Seat?.Dispose();
    }

    private EnvelopeDialogue? TakeBegun(OutboundTransaction transaction)
    {
        var begun = _begun;
        _begun = null;
        return begun is null || ReferenceEquals(begun.Transaction, transaction)
            ? begun
            : throw new InvalidOperationException("Another transaction was announced as the next one.");
    }

    /// <summary>Writes the envelope, all of it or, without PIPELINING, nothing yet.</summary>
    private void Begin(EnvelopeDialogue dialogue)
    {
        dialogue.HasReset = _needsReset;
        _needsReset = false;
        if (!Capabilities.Pipelining)
        {
            return;
        }

        if (dialogue.HasReset)
        {
            _wire.Output.Write("RSET\r\n"u8);
        }

        WriteLine("MAIL FROM:", dialogue.MailArgument, "");
        foreach (var (_, path) in dialogue.Named)
        {
            WriteLine("RCPT TO:<", path, ">");
        }

        _wire.Output.Write("DATA\r\n"u8);
    }

    private async ValueTask HoldAsync(EnvelopeDialogue dialogue, OutboundTransaction? next)
    {
        var data = Capabilities.Pipelining
            ? await ReadEnvelopeAsync(dialogue).ConfigureAwait(false)
            : await SpeakEnvelopeAsync(dialogue).ConfigureAwait(false);
        if (data is { Code: 354 } && dialogue.HasOpenRecipient)
        {
            dialogue.Settle(await SendContentAsync(dialogue.Transaction.Copy, next).ConfigureAwait(false));
            return;
        }

        if (data is { Code: 354 })
        {
            await LeaveDataAsync(dialogue).ConfigureAwait(false);
        }

        // DATA was refused, or there was no use in it: the server may still have a transaction open.
        if (dialogue.HasOpenRecipient)
        {
            dialogue.Settle(Judge(data, SessionPhase.Data));
        }

        _needsReset = true;
    }

    /// <summary>All were refused and DATA was not: a lone dot brings both sides in step again (RFC 2920 §3.1).</summary>
    private async ValueTask LeaveDataAsync(EnvelopeDialogue dialogue)
    {
        // Where MAIL was refused and a recipient was not, the dot would be an empty message to somebody.
        if (dialogue.IsAnyNamedAccepted)
        {
            _isClosing = true;
        }
        else
        {
            await AskAsync(".", "", "").ConfigureAwait(false);
        }
    }

    private async ValueTask<SmtpReply?> ReadEnvelopeAsync(EnvelopeDialogue dialogue)
    {
        await _wire.FlushAsync(_options.CommandTimeout).ConfigureAwait(false);
        if (dialogue.HasReset)
        {
            await _wire.ReadAsync(_options.CommandTimeout).ConfigureAwait(false);
        }

        Note(dialogue, await _wire.ReadAsync(_options.CommandTimeout).ConfigureAwait(false));
        foreach (var (index, _) in dialogue.Named)
        {
            Note(dialogue, index, await _wire.ReadAsync(_options.CommandTimeout).ConfigureAwait(false));
        }

        return await _wire.ReadAsync(_options.CommandTimeout).ConfigureAwait(false);
    }

    /// <summary>The envelope command by command. Null when there is no use in DATA.</summary>
    private async ValueTask<SmtpReply?> SpeakEnvelopeAsync(EnvelopeDialogue dialogue)
    {
        if (dialogue.HasReset)
        {
            await AskAsync("RSET", "", "").ConfigureAwait(false);
        }

        Note(dialogue, await AskAsync("MAIL FROM:", dialogue.MailArgument, "").ConfigureAwait(false));
        foreach (var (index, path) in dialogue.Named)
        {
            if (dialogue.HasOpenRecipient)
            {
                Note(dialogue, index, await AskAsync("RCPT TO:<", path, ">").ConfigureAwait(false));
            }
        }

        return dialogue.HasOpenRecipient ? await AskAsync("DATA", "", "").ConfigureAwait(false) : null;
    }

    private void Note(EnvelopeDialogue dialogue, SmtpReply? mail)
    {
        if (!IsAccepted(mail))
        {
            dialogue.Settle(Judge(mail, SessionPhase.Mail));
        }
    }

    private void Note(EnvelopeDialogue dialogue, int index, SmtpReply? recipient)
    {
        if (IsAccepted(recipient))
        {
            dialogue.IsAnyNamedAccepted = true;
        }
        else
        {
            dialogue.Settle(index, Judge(recipient, SessionPhase.Recipient));
        }
    }

    private async ValueTask<SmtpReply?> AskAsync(string verb, string argument, string end)
    {
        WriteLine(verb, argument, end);
        return await _wire.FlushAsync(_options.CommandTimeout).ConfigureAwait(false)
            ? await _wire.ReadAsync(_options.CommandTimeout).ConfigureAwait(false)
            : null;
    }

    private async ValueTask<Outcome> SendContentAsync(CopyOctets copy, OutboundTransaction? next)
    {
        if (!await WriteAsync(copy.Header).ConfigureAwait(false) || !await WriteAsync(copy.Body).ConfigureAwait(false))
        {
            return Judge(await _wire.ReadLastWordsAsync().ConfigureAwait(false), SessionPhase.Content);
        }

        if (!_wire.TryPassFinalDot())
        {
            _isClosing = true;
            return Stopped(SessionPhase.Content);
        }

        _wire.Output.Write(copy.EndsInLineEnd ? ".\r\n"u8 : "\r\n.\r\n"u8);
        BeginNext(next);
        if (!await _wire.FlushAsync(_options.DataTimeout).ConfigureAwait(false))
        {
            return Judge(await _wire.ReadLastWordsAsync().ConfigureAwait(false), SessionPhase.Content);
        }

        var reply = await _wire.ReadAsync(_options.FinalTimeout).ConfigureAwait(false);
        Completed += reply is null ? 0 : 1;
        return Judge(reply, SessionPhase.Final);
    }

    private void BeginNext(OutboundTransaction? next)
    {
        if (next is null || !Capabilities.Pipelining)
        {
            return;
        }

        var dialogue = EnvelopeDialogue.Prepare(next, Capabilities, Host);
        if (dialogue.Named.Count > 0)
        {
            Begin(dialogue);
            _begun = dialogue;
        }
    }

    /// <summary>Writes a part and flushes block by block; the last block waits for what follows.</summary>
    private async ValueTask<bool> WriteAsync(CopyPart part)
    {
        for (var at = 0; at < part.Octets.Length;)
        {
            at = DotStuffing.Write(_wire.Output, part.Octets.Span, at);
            if (_wire.Output.UnflushedBytes >= DotStuffing.Block && !await _wire.FlushAsync(_options.DataTimeout).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    private void WriteLine(string start, string argument, string end)
    {
        var output = _wire.Output;
        var room = output.GetSpan(start.Length + Encoding.UTF8.GetMaxByteCount(argument.Length) + end.Length + 2);
        var at = Encoding.UTF8.GetBytes(start, room);
        at += Encoding.UTF8.GetBytes(argument, room[at..]);
        at += Encoding.UTF8.GetBytes(end, room[at..]);
        "\r\n"u8.CopyTo(room[at..]);
        output.Advance(at + 2);
    }

    private string Proof => Hop switch
    {
        { Policy: HostPolicy.Dane } => "DANE",
        { Policy: HostPolicy.Encrypted } => "encrypted as DANE asks, certificate not verified",
        { Policy: HostPolicy.Sts, Tls: TlsMode.Required } => "MTA-STS",
        { Policy: HostPolicy.Sts } => _doubt is null ? "opportunistic, would do for MTA-STS" : $"opportunistic, would not do for MTA-STS ({_doubt})",
        { Tls: TlsMode.Opportunistic } => "opportunistic",
        _ => "certificate verified",
    };

    private static bool IsAccepted(SmtpReply? reply) => reply is { Code: >= 200 and < 300 };

    private Outcome Judge(SmtpReply? reply, SessionPhase phase)
    {
        // 421 announces the end of the session whatever it answers (RFC 5321 §3.8).
        _isClosing |= reply is null or { Code: 421 };
        return reply is not null ? new Outcome(reply, phase, OutcomeCause.Reply, Host)
            : _wire.IsStopped ? Stopped(phase)
            : Outcome.Local(451, "4.4.2", _wire.Fault ?? "no reply", phase, OutcomeCause.Connection, Host);
    }

    private Outcome Stopped(SessionPhase phase) =>
        Outcome.Local(451, "4.3.2", "given up because this server stops", phase, OutcomeCause.Stopped, Host);
}
