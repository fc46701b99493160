namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>What a stranger says about a copy.</summary>
/// <param name="Dkim">One for each DKIM-Signature, top to bottom.</param>
/// <param name="Arc">The chain.</param>
/// <param name="Dmarc">Null from one that does not know DMARC.</param>
/// <param name="Subject">The decoded subject; null from one that does not read it.</param>
/// <param name="Texts">The decoded text parts; null from one that does not read them.</param>
internal sealed record Judgement(SignatureJudgement[] Dkim, ChainJudgement Arc, DmarcJudgement? Dmarc, string? Subject, string[]? Texts)
{
    /// <summary>True when a signature of that domain passes.</summary>
    public bool Accepts(string domain) => Dkim.Any(signature => signature.Domain == domain && signature.Result == "pass");
}

/// <param name="Domain">d=.</param>
/// <param name="Result">pass, or what else.</param>
/// <param name="Reason">In the stranger's own words.</param>
/// <param name="Covers">h=, in lower case.</param>
internal sealed record SignatureJudgement(string Domain, string Result, string Reason, string[] Covers);

/// <param name="Result">none, pass or fail.</param>
/// <param name="Instances">The highest i=.</param>
/// <param name="SealedAs">cv= of the newest seal; null from one that does not tell.</param>
/// <param name="Reason">In the stranger's own words.</param>
internal sealed record ChainJudgement(string Result, int Instances, string? SealedAs, string Reason);

/// <param name="Result">pass or fail.</param>
/// <param name="Domain">The domain in From.</param>
/// <param name="Policy">What it asks for.</param>
/// <param name="Reason">In the stranger's own words.</param>
internal sealed record DmarcJudgement(string Result, string Domain, string Policy, string Reason);
