namespace ListServer.EndToEnd.Tests.Stage;

/// <summary>A copy as a member's provider got it, and what both strangers say about it.</summary>
/// <param name="Octets">As they came.</param>
/// <param name="ByDkimpy">python3-dkim.</param>
/// <param name="ByMailauth">npm mailauth.</param>
internal sealed record Copy(byte[] Octets, Judgement ByDkimpy, Judgement ByMailauth)
{
    public Judgement[] Judgements => [ByDkimpy, ByMailauth];

    /// <summary>The octets, to be shown beside a verdict that is not the expected one.</summary>
    public string Text => System.Text.Encoding.Latin1.GetString(Octets);
}
