using System.Collections.Immutable;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ListServer.MailAuth.Dns;

namespace ListServer.Outbound.Tls;

/// <summary>Holds a certificate's octets, as they came, against a TLSA record (RFC 6698 §2.1).</summary>
internal static class CertificateOctets
{
    public const int WholeCertificate = 0;
    public const int PublicKey = 1;

    public const int Exact = 0;
    public const int Sha256 = 1;
    public const int Sha512 = 2;

    /// <summary>True when the record names this certificate or its key.</summary>
    public static bool AreNamedBy(TlsaRecord record, X509Certificate2 certificate)
    {
        if ((record.Selector == WholeCertificate ? certificate.RawDataMemory : PublicKeyInfo(certificate)) is not { } octets)
        {
            return false;
        }

        var association = record.Association.AsSpan();
        return record.MatchingType switch
        {
            Exact => association.SequenceEqual(octets.Span),
            Sha256 => association.SequenceEqual(SHA256.HashData(octets.Span)),
            Sha512 => association.SequenceEqual(SHA512.HashData(octets.Span)),
            _ => false,
        };
    }

    /// <summary>True when this many octets can be what the matching type says.</summary>
    public static bool HasRightLength(byte matchingType, ImmutableArray<byte> association) => matchingType switch
    {
        Exact => !association.IsEmpty,
        Sha256 => association.Length == SHA256.HashSizeInBytes,
        Sha512 => association.Length == SHA512.HashSizeInBytes,
        _ => false,
    };

    /// <summary>The SubjectPublicKeyInfo as the certificate holds it (RFC 5280 §4.1); null when the certificate is too odd to find it.</summary>
    private static ReadOnlyMemory<byte>? PublicKeyInfo(X509Certificate2 certificate)
    {
        try
        {
            var fields = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.BER).ReadSequence().ReadSequence();
            if (fields.PeekTag().HasSameClassAndValue(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                fields.ReadEncodedValue();
            }

            // Serial number, signature algorithm, issuer, validity, subject.
            for (var i = 0; i < 5; i++)
            {
                fields.ReadEncodedValue();
            }

            return fields.ReadEncodedValue();
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
