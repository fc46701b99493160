using System.Text;
using ListServer.Configuration;
using ListServer.Lists.Membership;
using ListServer.MailAuth;
using ListServer.MailAuth.Dkim;
using ListServer.Store;
using ListServer.Store.Queue;

namespace ListServer.Distribution;

/// <summary>
/// Makes members' own copies as they leave: a one-click List-Unsubscribe (RFC 8058) and a DKIM-Signature over it, under the seal that all share.
/// The same recipient gets the same octets however often it is tried: the signature's time is the group's.
/// </summary>
internal sealed class PersonalCopies(ListStore store, SigningKeys keys, ServerOptions options)
{
    /// <summary>The header block of one member's copy, the empty line included; null when the domain's key can't be read now.</summary>
    /// <param name="group">The group it belongs to.</param>
    /// <param name="recipient">The member's address.</param>
    /// <param name="shared">The copy as it was queued.</param>
    /// <param name="body">Its body's hash.</param>
    public byte[]? Header(QueueGroup group, string recipient, RawMessage shared, BodyHash body)
    {
        if (store.FindList(group.List) is not { } list || keys.Find(list.Domain, out _) is not { } identity)
        {
            return null;
        }

        // Wire order: ARC set, DKIM-Signature (ours), List-*, the rest.
        var sealLength = shared.Fields.TakeWhile(field => field.Name.StartsWith("ARC-", StringComparison.OrdinalIgnoreCase)).Take(3).Sum(field => field.Octets.Length);
        var header = shared.Octets[..^shared.Body.Length];
        var below = Without(header[sealLength..]);
        var personal = Encoding.ASCII.GetBytes(Unsubscribe(list.Address, $"{list.LocalPart}-leave@{list.Domain}", recipient));
        byte[] signed = [.. personal, .. below];
        var signer = new DkimSigner(identity, time: new FixedTime(group.CreatedAt));
        var signature = signer.Sign(RawMessage.Parse(signed).Fields, body);
        return [.. header.Span[..sealLength], .. signature, .. signed];
    }

    private string Unsubscribe(string list, string leaveAddress, string recipient)
    {
        if (!options.Web.BaseUrl.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            // RFC 8058 §3.1 wants an HTTPS URI; without one there is the address alone.
            return $"List-Unsubscribe: <mailto:{leaveAddress}>\r\n";
        }

        var token = MemberToken.Make(store.Secret.Span, MemberToken.Leave, list, recipient);
        return $"List-Unsubscribe: <{options.Web.BaseUrl.TrimEnd('/')}/u/{token}>,\r\n <mailto:{leaveAddress}>\r\n"
            + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
    }

    private static byte[] Without(ReadOnlyMemory<byte> header)
    {
        var message = RawMessage.Parse(header);
        return [.. message.Fields.Where(field => !field.Is("List-Unsubscribe")).SelectMany(field => field.Octets.ToArray()), .. "\r\n"u8];
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
