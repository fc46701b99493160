using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Spf;

namespace ListServer.MailAuth.Reports;

/// <summary>Reads one record of an aggregate report, which has a number (from 1) for its reasons.</summary>
internal sealed class ReportRowXml(ReportXml xml, ReportLimits limits, int number)
{
    private const int MaxSignatures = 100;
    private const int MaxReasons = 20;

    private ReportRow _row = new(IPAddress.None, 0, RowDisposition.None, DkimAligned: false, SpfAligned: false, "");
    private ImmutableArray<ReportedDkim>.Builder? _dkim;
    private bool _hasSource;
    private bool _hasCount;

    /// <summary>The row; null with <see cref="ReportXml.Problem"/> set.</summary>
    public ReportRow? Read()
    {
        xml.Children(name =>
        {
            Action<string>? read = name switch
            {
                "row" => ReadRow,
                "identifiers" or "identities" => ReadIdentifier,
                "auth_results" => ReadResult,
                _ => null,
            };
            if (read is not null)
            {
                xml.Children(read);
            }
        });
        if (!_hasSource || !_hasCount)
        {
            xml.Refuse($"Row {number} has no source_ip or no count.");
        }

        return xml.Problem is null ? _row with { Dkim = _dkim?.DrainToImmutable() ?? [] } : null;
    }

    private void ReadRow(string name)
    {
        switch (name)
        {
            case "source_ip":
                ReadSource(xml.Text());
                break;
            case "count":
                ReadCount(xml.Text());
                break;
            case "policy_evaluated":
                xml.Children(ReadEvaluation);
                break;
        }
    }

    private void ReadSource(string text)
    {
        // IPAddress reads numbers, octal and scopes, too: what it writes otherwise was no address in its usual form.
        _hasSource = IPAddress.TryParse(text, out var address)
            && (address.AddressFamily == AddressFamily.InterNetwork ? address.ToString() == text : !text.AsSpan().ContainsAny('%', '['));
        if (!_hasSource)
        {
            xml.Refuse($"Row {number}: source_ip is '{ShownText.Of(text)}', no address.");
            return;
        }

        _row = _row with { Source = address!.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address };
    }

    private void ReadCount(string text)
    {
        _hasCount = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= limits.MaxCount;
        if (!_hasCount)
        {
            xml.Refuse($"Row {number}: count is '{ShownText.Of(text)}', no number from 0 to {limits.MaxCount}.");
            return;
        }

        _row = _row with { Count = count };
    }

    private void ReadEvaluation(string name)
    {
        switch (name)
        {
            case "disposition":
                ReadDisposition(xml.Text());
                break;
            case "dkim":
                _row = _row with { DkimAligned = Is(xml.Text(), "pass") };
                break;
            case "spf":
                _row = _row with { SpfAligned = Is(xml.Text(), "pass") };
                break;
            case "reason" when _row.Reasons.Length < MaxReasons:
                ReadReason();
                break;
        }
    }

    private void ReadDisposition(string word)
    {
        if (word.Length == 0)
        {
            return;
        }

        if (Word<RowDisposition>(word) is { } disposition)
        {
            _row = _row with { Disposition = disposition };
            return;
        }

        xml.Refuse($"Row {number}: disposition is '{ShownText.Of(word)}'.");
    }

    private void ReadReason()
    {
        var (kind, comment) = ("", (string?)null);
        xml.Children(name =>
        {
            kind = name == "type" ? xml.Text() : kind;
            comment = name == "comment" ? xml.TextOrNull() : comment;
        });
        if (kind.Length > 0 || comment is not null)
        {
            _row = _row with { Reasons = _row.Reasons.Add(new OverrideReason(Word<OverrideKind>(kind) ?? OverrideKind.Other, comment)) };
        }
    }

    private void ReadIdentifier(string name) => _row = name switch
    {
        "header_from" => _row with { HeaderFrom = xml.Text() },
        "envelope_from" => _row with { EnvelopeFrom = xml.TextOrNull() },
        "envelope_to" => _row with { EnvelopeTo = xml.TextOrNull() },
        _ => _row,
    };

    private void ReadResult(string name)
    {
        if (name is not ("dkim" or "spf"))
        {
            return;
        }

        var (domain, selector, scope, result, words) = ("", (string?)null, "", "", (string?)null);
        xml.Children(part =>
        {
            switch (part)
            {
                case "domain":
                    domain = xml.Text();
                    break;
                case "selector":
                    selector = xml.TextOrNull();
                    break;
                case "scope":
                    scope = xml.Text();
                    break;
                case "result":
                    result = xml.Text();
                    break;
                case "human_result":
                    words = xml.TextOrNull();
                    break;
            }
        });
        Add(name, new ReportedDkim(domain, selector, Word<DkimVerdict>(result), words), new ReportedSpf(domain, Is(scope, "helo"), SpfWord(result), words));
    }

    private void Add(string name, ReportedDkim dkim, ReportedSpf spf)
    {
        if (name == "dkim" && dkim.Domain.Length > 0)
        {
            _dkim ??= ImmutableArray.CreateBuilder<ReportedDkim>(1);
            if (_dkim.Count < MaxSignatures)
            {
                _dkim.Add(dkim);
            }
        }
        else if (name == "spf" && (_row.Spf is null or { IsHelo: true }))
        {
            // RFC 9990 has one, of MAIL FROM; RFC 7489 lets one of HELO stand beside it.
            _row = _row with { Spf = spf };
        }
    }

    /// <summary>hardfail, unknown and error are older words (RFC 7489 §7.2, drafts of SPF).</summary>
    private static SpfVerdict? SpfWord(string word) => word.ToLowerInvariant() switch
    {
        "hardfail" => SpfVerdict.Fail,
        "unknown" => SpfVerdict.PermError,
        "error" => SpfVerdict.TempError,
        _ => Word<SpfVerdict>(word),
    };

    /// <summary>The value that a word names, underscores and case apart; null for none. Enum.TryParse takes numbers and several words, too.</summary>
    private static T? Word<T>(string word)
        where T : struct, Enum =>
        word.All(c => char.IsAsciiLetter(c) || c == '_') && Enum.TryParse<T>(word.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var value) ? value : null;

    private static bool Is(string word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);
}
