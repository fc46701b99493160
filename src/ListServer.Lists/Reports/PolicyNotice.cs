namespace ListServer.Lists.Reports;

/// <summary>A draft of what a domain's users are told before a stricter policy (AUTH-84 and the leaflet's 利用者への周知): to be read and sent by a person.</summary>
public static class PolicyNotice
{
    /// <summary>The draft.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="next">The stage to come: quarantine or reject.</param>
    /// <param name="language">ja for Japanese; English otherwise.</param>
    public static string Draft(string domain, DmarcStage next, string language)
    {
        var isReject = next is DmarcStage.RejectTest or DmarcStage.Reject;
        return language == "ja"
            ? $"""
            件名: {domain} のメールの送り方についてのお願い

            {domain} の差出人をかたる迷惑メールを防ぐため、DMARC のポリシーを「{(isReject ? "reject（受信拒否）" : "quarantine（隔離）")}」に強化します。
            今後、@{domain} を差出人とするメールは、当組織のメールサーバーから送ってください。
            他社のプロバイダーやメールサービスから @{domain} を差出人として送ると、相手に{(isReject ? "届かなくなります" : "迷惑メールとして扱われます")}。
            メーリングリストや転送を通したメールも、届かないことがあります。お困りのときは postmaster@{domain} までご連絡ください。
            """
            : $"""
            Subject: How to send mail as {domain}

            To keep others from writing in our name, {domain} is going to ask receivers to {(isReject ? "refuse" : "treat as spam")} mail that is not provably ours (DMARC).
            From then on, please send mail from @{domain} through our own mail server only.
            What you send as @{domain} through another provider or service will {(isReject ? "not arrive" : "end in the spam folder")}.
            Mail that goes through mailing lists or is forwarded may suffer, too. If something does not arrive, write to postmaster@{domain}.
            """;
    }
}
