using System.Collections.Immutable;

namespace ListServer.MailAuth.Dkim;

/// <summary>
/// The SHA-256 of a canonical body (RFC 6376 §3.7). Computed once for a body, it serves every signature over every header
/// that goes out with that body (AUTH-34).
/// </summary>
/// <param name="Canonicalization">How the body was prepared.</param>
/// <param name="Sha256">The 32 octets of the hash.</param>
/// <param name="CanonicalLength">The octets of the whole canonical body.</param>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed record BodyHash(Canonicalization Canonicalization, ImmutableArray<byte> Sha256, ulong CanonicalLength)
{
    /// <summary>Hashes a body that is at hand.</summary>
    /// <param name="body">The octets behind the empty line; may be empty.</param>
    /// <param name="canonicalization">How to prepare it; our own signatures are always relaxed (AUTH-29).</param>
    public static BodyHash Compute(ReadOnlySpan<byte> body, Canonicalization canonicalization = Canonicalization.Relaxed) =>
        Compute(body, canonicalization, [], out _);

    /// <summary>Hashes a body as it is read, in constant memory.</summary>
    /// <param name="body">Read from its position to its end; not disposed.</param>
    /// <param name="canonicalization">How to prepare it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<BodyHash> ComputeAsync(
        Stream body,
        Canonicalization canonicalization = Canonicalization.Relaxed,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        var buffer = new byte[16384];
        using var hash = OctetHash.Rent();
        var canonicalizer = new BodyCanonicalizer(canonicalization, hash);
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            canonicalizer.Append(buffer.AsSpan(0, read));
        }

        return Finish(canonicalization, canonicalizer, hash);
    }

    /// <summary>Hashes the canonical body and some of its beginnings (l=, §3.4.5) in one go.</summary>
    /// <param name="body">The octets behind the empty line.</param>
    /// <param name="canonicalization">How to prepare it.</param>
    /// <param name="lengths">How long the beginnings are, in ascending order; none is longer than the canonical body.</param>
    /// <param name="beginnings">The hash of each.</param>
    internal static BodyHash Compute(ReadOnlySpan<byte> body, Canonicalization canonicalization, ulong[] lengths, out byte[][] beginnings)
    {
        using var hash = OctetHash.Rent(lengths);
        var canonicalizer = new BodyCanonicalizer(canonicalization, hash);
        canonicalizer.Append(body);
        var whole = Finish(canonicalization, canonicalizer, hash);
        beginnings = hash.Beginnings;
        return whole;
    }

    private static BodyHash Finish(Canonicalization canonicalization, BodyCanonicalizer canonicalizer, OctetHash hash)
    {
        canonicalizer.Finish();
        var length = hash.Total;
        var sha256 = new byte[OctetHash.Size];
        hash.Finish(sha256);
        return new BodyHash(canonicalization, System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(sha256), length);
    }
}
