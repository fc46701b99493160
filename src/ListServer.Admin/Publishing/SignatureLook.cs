using System.Collections.Immutable;
using ListServer.Lists.Publishing;
using ListServer.MailAuth;
using ListServer.MailAuth.Author;
using ListServer.MailAuth.Dkim;
using ListServer.MailAuth.Dmarc;

namespace ListServer.Admin.Publishing;

/// <summary>Is a copy that somebody received signed in its author's name (RFC 9989 §4.4)?</summary>
internal static class SignatureLook
{
    public static async Task<DnsRow> RowAsync(DomainLook look, byte[] copy, CancellationToken cancellationToken)
    {
        var message = RawMessage.Parse(copy);
        var author = AuthorField.Read(message).Domain ?? look.Domain.Name;
        var record = new PublishedRecord("Signature", author, "", "");
        ImmutableArray<DkimResult> signatures = [.. await new DkimVerifier(look.Dns).VerifyAsync(message, cancellationToken)];
        var found = signatures.Select(signature => $"d={signature.Domain} s={signature.Selector}: {signature.Verdict.ToString().ToLowerInvariant()}").ToList();
        var row = signatures.IsEmpty ? DnsRow.Wrong(record, found, DnsFaultKind.SignatureMissing)
            : signatures.FirstOrDefault(signature => signature.Verdict == DkimVerdict.TempError) is { } unasked ? DnsRow.Unasked(record, unasked.Domain, unasked.Reason)
            : !signatures.Any(signature => signature.Verdict == DkimVerdict.Pass) ? DnsRow.Wrong(record, found, DnsFaultKind.SignatureBroken, signatures[0].Reason)
            : await AlignmentAsync(look, record, found, signatures, author, cancellationToken);
        return (row.Fault is null ? row : row.Put(null)) with { Expected = "" };
    }

    private static async Task<DnsRow> AlignmentAsync(
        DomainLook look, PublishedRecord record, List<string> found, ImmutableArray<DkimResult> signatures, string author, CancellationToken cancellationToken)
    {
        var signers = signatures.Where(signature => signature.Verdict == DkimVerdict.Pass).Select(signature => signature.Domain).Distinct().ToList();
        var standing = await DmarcStanding.OfAsync(look.Dns, author, cancellationToken);
        var isStrict = standing.Record is { IsDkimStrict: true };
        string? failure = standing.Failure;
        foreach (var signer in signers)
        {
            if (signer.Equals(author, StringComparison.OrdinalIgnoreCase))
            {
                return DnsRow.Good(record, found);
            }

            var other = isStrict ? null : await DmarcStanding.OfAsync(look.Dns, signer, cancellationToken);
            failure ??= other?.Failure;
            if (other?.OrganizationalDomain is { } family && family == standing.OrganizationalDomain)
            {
                return DnsRow.Good(record, found);
            }
        }

        return failure is null
            ? DnsRow.Wrong(record, found, DnsFaultKind.SignatureThirdParty, string.Join(", ", signers), author)
            : DnsRow.Unasked(record, author, failure);
    }
}
