using System.Net;
using System.Text;

namespace ListServer.MailAuth.Spf;

/// <summary>Whom a check is about: all that stays the same through includes and redirects.</summary>
/// <param name="Client">The SMTP client, IPv4-mapped addresses already IPv4.</param>
/// <param name="Helo">The HELO name as given.</param>
/// <param name="LocalPart">The sender's local part; "postmaster" when it had none (RFC 7208 §4.3).</param>
/// <param name="Domain">The sender's domain in A-labels.</param>
internal sealed record SpfSender(IPAddress Client, string Helo, string LocalPart, string Domain)
{
    /// <summary>RFC 8616 §4: a macro s or l with a non-ASCII local part names nothing in DNS.</summary>
    public bool HasAsciiLocalPart { get; } = Ascii.IsValid(LocalPart);
}
