namespace ListServer.MailAuth.Dkim;

/// <summary>The results of RFC 8601 §2.7.1.</summary>
public enum DkimVerdict
{
    /// <summary>The message was not signed.</summary>
    None,

    /// <summary>The signature verifies.</summary>
    Pass,

    /// <summary>The signature does not verify.</summary>
    Fail,

    /// <summary>It may verify, but is not acceptable here: rsa-sha1, a short key (RFC 8301).</summary>
    Policy,

    /// <summary>The field can't be processed.</summary>
    Neutral,

    /// <summary>The key could not be fetched; trying again may help.</summary>
    TempError,

    /// <summary>Something required is missing or wrong, for good.</summary>
    PermError,
}

/// <summary>The outcome for one DKIM-Signature field.</summary>
/// <param name="Verdict">The result.</param>
/// <param name="Domain">d= in lower-case A-labels; empty when the field was not or could not be read.</param>
/// <param name="Selector">s=; empty when the field was not or could not be read.</param>
/// <param name="Identity">i=, or "@" + d= when absent; empty when the field was not or could not be read.</param>
/// <param name="Algorithm">a=, such as rsa-sha256; empty when the field was not or could not be read.</param>
/// <param name="Reason">What decided, in words.</param>
/// <param name="CoversWholeBody">False when l= leaves out body octets: such a signature never authenticates an author (AUTH-27).</param>
/// <param name="KeyRecord">The key record that was used, so that the same signature can be verified again on changed octets without DNS (AUTH-71); null when none was fetched.</param>
/// <param name="Signature">b= without white space: it names the field among several (header.b of RFC 8601 §2.7.1); empty when the field was not or could not be read.</param>
public sealed record DkimResult(
    DkimVerdict Verdict,
    string Domain,
    string Selector,
    string Identity,
    string Algorithm,
    string Reason,
    bool CoversWholeBody = true,
    string? KeyRecord = null,
    string Signature = "");
