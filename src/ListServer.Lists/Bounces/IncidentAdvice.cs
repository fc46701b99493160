namespace ListServer.Lists.Bounces;

/// <summary>What an owner can do about an incident, in the list's language: the same words in mail, at the command line and on pages.</summary>
public static class IncidentAdvice
{
    /// <summary>The advice, in lines of at most 76 columns separated by LF.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="language">en or ja; en for any other.</param>
    public static string Of(Incident incident, string language) => language is "ja" ? Japanese(incident) : English(incident);

    private static string English(Incident incident) => incident.Cause switch
    {
        IncidentCause.Authentication => $"""
            Nothing proved there that the author's domain sent the post. Let the list
            put its own address into From for such authors:
            'listserver strict accept {incident.List} {Author(incident, "DOMAIN")}',
            for all lists by the option Trust:AlwaysStrict, or for all authors by
            'listserver list set {incident.List} --mitigation always'.
            Where From is the list's own already, or the receiver speaks of SPF alone,
            DNS records of the list's domain are missing or wrong:
            'listserver key show {DomainOf(incident)}' tells them.
            """,
        IncidentCause.Content => """
            What the post says was taken for spam. Read it with 'listserver trace':
            if it should not have been on the list, hold such authors' posts; if it
            should, ask members there to mark the list's mail as wanted.
            """,
        IncidentCause.Reputation => """
            The receiver does not trust this server. Look up the block list that its
            words name and ask to be taken off; see that the server's address has a
            name (reverse DNS), and that the name has the address.
            """,
        _ => """
            A rule of the receiver's own. Its words may name a page that tells more;
            else write to the postmaster there, from another address.
            """,
    };

    private static string Japanese(Incident incident) => incident.Cause switch
    {
        IncidentCause.Authentication => $"""
            受信側では、投稿者のドメインからのメールだと証明できませんでした。
            このような投稿者については、From をリストのアドレスに書き換えます。
            'listserver strict accept {incident.List} {Author(incident, "DOMAIN")}'
            を実行してください。全リストに適用するには設定 Trust:AlwaysStrict に加え、
            すべての投稿者に適用するには
            'listserver list set {incident.List} --mitigation always'
            を実行してください。From がすでにリストのアドレスになっている場合や、
            受信側が SPF だけを問題にしている場合は、リストのドメインの DNS
            レコードがないか、誤っています。
            'listserver key show {DomainOf(incident)}' で確認できます。
            """,
        IncidentCause.Content => """
            投稿の内容が迷惑メールと判定されました。'listserver trace' で投稿を
            確認してください。リストにふさわしくない投稿なら、その投稿者の投稿を
            保留にしてください。問題のない投稿なら、受信側の会員に、リストの
            メールを「迷惑メールではない」と報告するよう頼んでください。
            """,
        IncidentCause.Reputation => """
            受信側がこのサーバーを信用していません。応答に書かれたブロックリストを
            調べて解除を申請し、サーバーの IP アドレスの逆引き (PTR) と正引きが
            一致していることを確認してください。
            """,
        _ => """
            受信側の独自の規則による拒否です。応答に説明のページがあれば読み、
            なければ別のアドレスから受信側の postmaster に問い合わせてください。
            """,
    };

    private static string Author(Incident incident, string otherwise) => incident.AuthorDomain.Length > 0 ? incident.AuthorDomain : otherwise;

    private static string DomainOf(Incident incident) => incident.List[(incident.List.LastIndexOf('@') + 1)..];
}
