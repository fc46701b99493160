using ListServer.Lists.Reports;

namespace ListServer.Admin.Reports;

/// <summary>Explanations and advice in words, for the command line as they are and for pages to translate. {0} … are what the callers say of them.</summary>
public static class ReportWords
{
    /// <summary>What a source is.</summary>
    public static string Of(SourceVerdict verdict) => verdict switch
    {
        SourceVerdict.Misconfigured => "yours, to be mended",
        SourceVerdict.Unclear => "yours or not?",
        SourceVerdict.Forged => "forged",
        SourceVerdict.Relay => "forwarder or list",
        _ => "yours, all right",
    };

    /// <summary>Why, and what to do. {0} is the domain of a signature.</summary>
    public static string Of(SourceCause cause) => cause switch
    {
        SourceCause.Passes => "Its mail passes.",
        SourceCause.Partly => "Some of its mail passes and some does not: have it sign all of it, and put its addresses into SPF.",
        SourceCause.NotInSpf => "It is yours, but its mail is neither signed in your name nor from an address in SPF: do one of them, or better both.",
        SourceCause.KeyNotFound => "It signs as {0} with a key that receivers can’t find or use: publish that key.",
        SourceCause.OtherSignature => "It signs as {0} only, which does not count for your name (a third-party signature): have it sign as your domain, by a key that you publish for it.",
        SourceCause.HandedOn => "It hands on what you sent, as forwarders and mailing lists do. There is nothing to mend here.",
        SourceCause.NothingOurs => "Nothing of it is yours. A stricter policy has receivers refuse it.",
        SourceCause.EveryDay => "Nothing of it is yours, but it comes day after day. Say whether it is yours.",
        _ => "You said that it is not yours.",
    };

    /// <summary>What is published.</summary>
    public static string Of(DmarcStage stage) => stage switch
    {
        DmarcStage.Nothing => "no DMARC record",
        DmarcStage.Watching => "p=none",
        DmarcStage.QuarantineTest => "p=quarantine; t=y",
        DmarcStage.Quarantine => "p=quarantine",
        DmarcStage.RejectTest => "p=reject; t=y",
        _ => "p=reject",
    };

    /// <summary>What to do now. {0} is the number of our messages that failed lately, {1} that of days reported, {2} that of messages that passed, {3} that of organisations that report.</summary>
    public static string Of(DmarcMove move) => move switch
    {
        DmarcMove.Prepare => "First put SPF and DKIM in place, as the DNS check says.",
        DmarcMove.Publish => "Publish a first record with p=none: it changes nothing for your mail, and reports begin to come.",
        DmarcMove.AskForReports => "Have the reports sent here: without them nobody knows what a stricter policy would do.",
        DmarcMove.Mend => "Mend your own sources first: {0} of your messages failed lately.",
        DmarcMove.Tell => "Say whose the unclear sources are; then the next step can be taken.",
        DmarcMove.Advance => "Publish the next policy: {1} days of reports from {3} organisations with {2} messages that passed show no trouble with your own mail.",
        DmarcMove.StepBack => "Step back until your own sources are mended: {0} of your messages failed lately, and receivers put them aside or refuse them.",
        DmarcMove.Arrived => "Nothing: the domain is where it can be. Go on reading the reports.",
        _ => "Wait: {1} days of reports from {3} organisations with {2} messages that passed are not enough yet.",
    };

    /// <summary>The warning of RFC 9989 §7.4. {0} is how many messages forwarders and lists handed on that failed.</summary>
    public static string Reject => "RFC 9989 advises against p=reject for a domain whose people write to mailing lists: {0} messages that forwarders and lists handed on would have been refused. Stay with p=quarantine if this domain has ordinary mailboxes.";

    /// <summary>The first sentence. {0} is the share that passed, {1} how many messages there are, {2} the domain, {3} the number of days.</summary>
    public static string Sentence => "{0} of {1} messages that claim to be from {2} passed in the last {3} days.";

    /// <summary>The second. {0} is how many messages, {1} where from.</summary>
    public static string Forged => "{0} came from {1}, not from you.";

    /// <summary>Where there is nothing to explain. {0} is the domain.</summary>
    public static string Nothing => "No report speaks of mail from {0} yet.";
}
