using System.Collections.Immutable;
using ListServer.Lists.Mitigation;
using ListServer.Lists.Moderation;
using ListServer.MailAuth;

namespace ListServer.Lists.Cooking;

/// <summary>A post made ready for the list's signature and seal, or the reason why it is not.</summary>
public sealed record PreparedPost
{
    internal PreparedPost(ImmutableArray<HeaderField> fields)
    {
        Fields = fields;
        Header = Draft.Join(fields);
    }

    /// <summary><see cref="Verdict.Accept"/> when it may leave; otherwise what becomes of it, and why.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The header fields, top to bottom; empty when the post does not leave.</summary>
    public ImmutableArray<HeaderField> Fields { get; }

    /// <summary>The header block without the empty line behind it, CRLF line ends; empty when the post does not leave.</summary>
    public ReadOnlyMemory<byte> Header { get; }

    /// <summary>The body, CRLF line ends; where nothing was changed, a part of the received octets. Empty when the post does not leave.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True when nothing may name its author: no seal either, since that would say what was found out about them (RFC 8617 §4.1.1).</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>What was changed, in the order it was done.</summary>
    public required ImmutableArray<Modification> Modifications { get; init; }

    /// <summary>The decision table's answers: the last one counts; one before it (row 13) made the list take back its changes.</summary>
    public required ImmutableArray<MitigationDecision> Decisions { get; init; }

    /// <summary>The answer that counts.</summary>
    public MitigationDecision Decision => Decisions[^1];

    /// <summary>The whole copy in one array: header block, empty line, body.</summary>
    public byte[] ToOctets() => [.. Header.Span, .. "\r\n"u8, .. Body.Span];

    /// <summary>The same without the fields of these names: for what is handed on to people and is no post.</summary>
    public PreparedPost Without(params string[] names) => new(Fields.RemoveAll(field => Array.Exists(names, field.Is)))
    {
        Verdict = Verdict,
        IsAnonymous = IsAnonymous,
        Body = Body,
        Modifications = Modifications,
        Decisions = Decisions,
    };
}
