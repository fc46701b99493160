using ListServer.Configuration;
using ListServer.Lists;
using ListServer.Lists.Cooking;
using ListServer.Lists.Mitigation;
using ListServer.MailAuth;

namespace ListServer.Distribution;

/// <summary>The kitchen with what this server puts into it: its name, its trace fields, its clock, and whom its operator trusts.</summary>
internal sealed class HouseKitchen(OperatorTrust trust, ServerOptions options, TimeProvider time)
{
    /// <summary>Prepares a post for distribution.</summary>
    /// <param name="list">The list.</param>
    /// <param name="post">The post, with its serial.</param>
    /// <param name="raw">The octets as they came.</param>
    /// <param name="isSevenBit">True for the variant in ASCII.</param>
    public PreparedPost Prepare(MailingList list, Post post, RawMessage raw, bool isSevenBit = false) => Kitchen.Prepare(list, post, raw, Options(post, isSevenBit));

    /// <summary>The post as the archive and digests have it.</summary>
    /// <param name="list">The list.</param>
    /// <param name="post">The post.</param>
    /// <param name="raw">The octets as they came.</param>
    /// <param name="isSevenBit">True for one in ASCII.</param>
    /// <param name="keepsAttachments">True for the archive's own, which has the attachments that copies link to.</param>
    public byte[] Keep(MailingList list, Post post, RawMessage raw, bool isSevenBit = false, bool keepsAttachments = false) =>
        Kitchen.Keep(list, post, raw, Options(post, isSevenBit) with { KeepsAttachments = keepsAttachments });

    private PrepareOptions Options(Post post, bool isSevenBit) => new()
    {
        AuthservId = options.HostName,
        TraceFields = TraceFields.Write(post, options.HostName),
        Now = time.GetUtcNow(),
        Trust = trust,
        IsSevenBit = isSevenBit,
        WebAddress = Uri.TryCreate(options.Web.BaseUrl, UriKind.Absolute, out var web) ? web : null,
    };
}
