using System.Collections.Frozen;

namespace ListServer.Admin.Publishing;

/// <summary>What is said of each fault: its cause and its cure, with places for the values. Pages translate them.</summary>
public static class DnsFaultWords
{
    private const string Put = "Put this record there.";
    private const string Replace = "Put this record in its place.";

    private static readonly FrozenDictionary<DnsFaultKind, (string Cause, string Cure)> All = new Dictionary<DnsFaultKind, (string Cause, string Cure)>
    {
        [DnsFaultKind.Unasked] = ("{0} could not be asked: {1}.", "Nothing is known of this record now. Check again later, or look at the name servers of the domain."),
        [DnsFaultKind.HostMissing] = ("The server’s name {0} has no address in DNS.", "Give {0} an A or AAAA record, or set HostName to the name that this machine has in DNS."),
        [DnsFaultKind.PointerMissing] = ("The address {0} has no name: many receivers refuse mail from such addresses.", "Whoever gave you the address can set its PTR record to this."),
        [DnsFaultKind.PointerNotBack] = ("The address {0} is called {1}, but that name does not lead back to the address.", "Whoever gave you the address can set its PTR record to this, a name that leads back to it."),
        [DnsFaultKind.MxMissing] = ("{0} has no MX record.", Put),
        [DnsFaultKind.MxNull] = ("{0} says by a null MX that it takes no mail.", Replace),
        [DnsFaultKind.MxElsewhere] = ("The MX of {0} names {1}, and not this server.", "Put this record in its place. If that host is meant to take the mail and pass it on, set Publish:MailExchangers to it."),
        [DnsFaultKind.MxAlias] = ("The MX of {0} names {1}, which is an alias (CNAME) of {2}.", "An MX has to name a host that has addresses of its own: put this record in its place."),
        [DnsFaultKind.MxNoAddress] = ("The MX of {0} names {1}, which has no address.", "Give {1} an A or AAAA record."),
        [DnsFaultKind.UnusedMx] = ("{0} takes no mail, and does not say so.", "Put this record, a null MX, in place of all MX records."),
        [DnsFaultKind.SpfMissing] = ("{0} has no SPF record.", Put),
        [DnsFaultKind.SpfTwice] = ("{0} has {1} SPF records: receivers take neither.", "Take them all out, and put this one, which says what they said together."),
        [DnsFaultKind.SpfBroken] = ("The SPF record is spoilt as a whole: {0}.", "Mend what is named, or put this record in its place."),
        [DnsFaultKind.SpfOpen] = ("The SPF record ends in +all: everybody in the world may send for {0}.", "Put this record in its place."),
        [DnsFaultKind.SpfLookups] = ("The SPF record needs {0} look-ups with all that it includes, and receivers stop at 10.", "Take out what no longer sends for the domain, or name addresses (ip4:, ip6:) in place of include:, a and mx."),
        [DnsFaultKind.SpfVoid] = ("{0} names in the SPF record, or in what it includes, do not exist, and receivers stop at 2.", "Take out the terms whose names are gone."),
        [DnsFaultKind.SpfWithoutUs] = ("The SPF record does not let {0} pass, from where mail of {1} leaves.", Replace),
        [DnsFaultKind.SpfWithoutInclude] = ("The SPF record does not include {0}, through whom mail of {1} leaves.", Replace),
        [DnsFaultKind.SpfSmarthost] = ("Mail leaves through {0}, and it is not known from which addresses.", "Ask who runs it, and set Publish:Addresses to its addresses, or Publish:Includes to the domain that they tell you to include."),
        [DnsFaultKind.UnusedSpf] = ("{0} sends no mail, and does not say so: whoever forges it is believed more easily.", Replace),
        [DnsFaultKind.DkimNoKey] = ("{0} has no key.", "Make one: listserver key generate {0} --selector {1}"),
        [DnsFaultKind.DkimMissing] = ("There is no record of the key {0}: nobody can verify what is signed with it.", Put),
        [DnsFaultKind.DkimTwice] = ("There are {1} records at the name of the key {0}: which one receivers take is chance.", "Leave only this one."),
        [DnsFaultKind.DkimCut] = ("The record of the key {0} was cut after {1} characters.", "Put it anew as several strings of at most 255 characters each, as they stand here."),
        [DnsFaultKind.DkimBroken] = ("The record of the key {0} can’t be read: {1}.", Replace),
        [DnsFaultKind.DkimRevoked] = ("The record of the key {0} says that the key is taken back (p= is empty).", "Put this record in its place, or make a new key."),
        [DnsFaultKind.DkimOther] = ("The record of the key {0} has another key than the one that signs here.", Replace),
        [DnsFaultKind.SignatureMissing] = ("The copy has no DKIM signature.", "Something on its way took it off. Compare it with the copy that left: listserver trace"),
        [DnsFaultKind.SignatureBroken] = ("No DKIM signature of the copy verifies: {0}.", "Something on its way changed the copy, or the key’s record is wrong: see the row DKIM."),
        [DnsFaultKind.SignatureThirdParty] = ("The copy is signed by {0}, which is not aligned with {1} in From: for DMARC it is not signed.", "Whoever signs has to do it with d={1}; a signature by another domain, such as a provider’s, counts for that domain only."),
        [DnsFaultKind.DmarcMissing] = ("No DMARC record applies to {0}.", Put),
        [DnsFaultKind.DmarcAtDomain] = ("The DMARC record stands at {0} itself, where nobody looks for it.", "Move it to {1}."),
        [DnsFaultKind.DmarcDoubled] = ("The DMARC record stands at {0}: the domain is in the name twice, as happens where a form adds it by itself.", "Move it to {1}: in such a form, write only what stands before the domain."),
        [DnsFaultKind.DmarcTwice] = ("There are {1} DMARC records at {0}: receivers take none of them.", "Leave only one."),
        [DnsFaultKind.DmarcUnreadable] = ("The record does not begin with v=DMARC1: receivers don’t take it for one.", Replace),
        [DnsFaultKind.DmarcTag] = ("The DMARC record has a tag that receivers don’t understand: {0}.", "Mend the tag. So it would be right:"),
        [DnsFaultKind.DmarcNoPermission] = ("Reports about {0} are to go to {1}, which does not say that it takes them: most are not sent.", "Whoever runs {1} has to put this record there; or name an address of your own in rua."),
        [DnsFaultKind.DmarcNoReports] = ("The DMARC record names nobody to report to (rua): you would not see who sends in your name.", Replace),
        [DnsFaultKind.UnusedDmarc] = ("{0} sends no mail, and does not ask receivers to refuse what comes in its name.", Replace),
        [DnsFaultKind.StsMissing] = ("{0} asks nothing of senders about TLS (MTA-STS).", "Serve the policy’s file, and then put this record there; or set Publish:MtaSts=none."),
        [DnsFaultKind.StsBroken] = ("The MTA-STS record of {0} can’t be understood, or there are several.", Replace),
        [DnsFaultKind.StsNoPolicy] = ("The MTA-STS policy of {0} can’t be had: {1}.", "Serve the policy’s file at https://mta-sts.{0}/.well-known/mta-sts.txt with a certificate for that name."),
        [DnsFaultKind.StsMode] = ("The MTA-STS policy says mode {0}, and this server’s options say {1}.", "Serve the policy as it stands here and change the record’s id; or set Publish:MtaSts={0}."),
        [DnsFaultKind.StsHosts] = ("The MTA-STS policy does not name {0}, which takes the domain’s mail.", "Serve the policy as it stands here and change the record’s id."),
        [DnsFaultKind.StsId] = ("The policy is the right one, but the record’s id is {0}: who fetched an older policy under that id does not fetch this one before a day has passed.", "Put this record in its place whenever the policy has changed."),
        [DnsFaultKind.TlsReportsMissing] = ("{0} names nobody to report TLS trouble to (TLS-RPT).", Put),
        [DnsFaultKind.TlsReportsBroken] = ("The TLS-RPT record of {0} can’t be understood, or there are several.", Replace),
    }.ToFrozenDictionary();

    /// <summary>The words for a fault.</summary>
    public static (string Cause, string Cure) Of(DnsFaultKind kind) => All[kind];
}
