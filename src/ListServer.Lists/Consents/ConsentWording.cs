namespace ListServer.Lists.Consents;

/// <summary>
/// The words that somebody reads before agreeing. No file replaces them, unlike notices: what a version says is the same on every server. Whoever
/// changes a word gives it a new <see cref="Version"/>; what was agreed to before stands in its record, and goes on standing.
/// </summary>
public static class ConsentWording
{
    /// <summary>The version of all that stands here.</summary>
    public const string Version = "2026-11";

    private const string FilteringEn =
        """
        Refusing mail that fails DMARC, for {0}

        This server finds out whether a message really comes from the domain that it names as its author's. For that it reads the sending server's address, the envelope, the header and the body of each message, and asks DNS about the domains in them. The result is written into each message (Authentication-Results). That is always done, and needs no consent.

        If you agree: a message that fails, whose author's domain asks that such messages be refused (p=reject), and that does not come from a server of that domain (SPF fails as well) is refused at once, on lists where this is switched on. The sending server is told why. The message's content is not kept, and no moderator sees it.

        If you do not agree: no message is refused for this reason. It is held, and a moderator decides.

        You agree for those who write to {0} and read it: tell them, for example in the list's description or your terms of use. You may withdraw your consent at any time, without a reason. From the next message on, such messages are held again.
        """;

    private const string FilteringJa =
        """
        DMARC 認証に失敗したメールの受信拒否について（{0}）

        このサーバーは、メールが差出人として名乗るドメインから本当に送られたものかを確認します。そのために、送信元サーバーのアドレス、エンベロープ、ヘッダー、本文を機械的に読み取り、メールに現れるドメインについて DNS に問い合わせます。結果は各メールに記録（ラベリング）されます（Authentication-Results）。これは常に行われ、同意を必要としません。

        同意いただいた場合：認証に失敗し、差出人のドメインが拒否を求めており（p=reject）、かつ SPF にも失敗したメールは、この設定を有効にしたリストでは直ちに受信を拒否します。理由は送信元サーバーに伝えられます。メールの内容は保存されず、モデレーターの目に触れることもありません。

        同意いただけない場合：この理由でメールを拒否することはありません。メールは保留され、モデレーターが判断します。

        この同意は、{0} に投稿する方と購読する方を代表して行うものです。リストの説明や利用規約などで利用者に知らせてください。同意はいつでも、理由なく取り消せます。取り消した後は、次のメールから再び保留されます。
        """;

    private const string ReportingEn =
        """
        Sending reports to the domains that mail names, for {0}

        Many domains ask to be told how mail in their name fares, to find their own faults and forgeries (DMARC aggregate reports, RFC 9990).

        If you agree: for each message that comes to {0}, this server counts the sending server's address, the domains of the envelope and of the author, the results of SPF, DKIM and DMARC, and whether the message was taken, held or refused. Once a day the counts go to the addresses that the author's domain publishes, or to whom that domain names.

        A report holds no text, no subject, no name, and no part of an address before the @; nor does it say who received a message. Reports about single messages (failure reports) are never sent. The counts are removed when their report has been sent, and after ten days at the latest.

        If you do not agree: nothing is counted, and nothing is sent.

        You agree for those who write to {0}: tell them, for example in your terms of use. You may withdraw your consent at any time, without a reason. From then on nothing is counted; what was counted is not sent, and removed.
        """;

    private const string ReportingJa =
        """
        メールが名乗るドメインへの報告の送信について（{0}）

        多くのドメインは、自らの名前で送られたメールの認証結果の報告を求めています。設定の誤りやなりすましを見つけるためです（DMARC 集約レポート、RFC 9990）。

        同意いただいた場合：{0} に届くメールごとに、送信元サーバーのアドレス、エンベロープと差出人のドメイン、SPF・DKIM・DMARC の結果、および受信・保留・拒否の別を数えます。集計は 1 日 1 回、差出人のドメインが公開している宛先、またはそのドメインが指定した宛先に送られます。

        報告には、本文、件名、名前、アドレスの @ より前の部分は含まれません。誰が受信したかも含まれません。個々のメールについての報告（失敗レポート）は送りません。集計は報告の送信後に、遅くとも 10 日後に削除されます。

        同意いただけない場合：集計も送信も行いません。

        この同意は、{0} にメールを送る方を代表して行うものです。利用規約などで利用者に知らせてください。同意はいつでも、理由なく取り消せます。取り消した時点で集計をやめ、それまでの集計は送らずに削除します。
        """;

    /// <summary>The words for a domain or a list; lines separated by LF.</summary>
    /// <param name="purpose">To what one agrees.</param>
    /// <param name="language">ja, or else English.</param>
    /// <param name="scope">The domain, or the list's posting address.</param>
    public static string Of(ConsentPurpose purpose, string language, string scope) => (purpose, language) switch
    {
        (ConsentPurpose.Filtering, "ja") => FilteringJa,
        (ConsentPurpose.Filtering, _) => FilteringEn,
        (_, "ja") => ReportingJa,
        _ => ReportingEn,
    } is var words ? words.ReplaceLineEndings("\n").Replace("{0}", scope, StringComparison.Ordinal) : "";
}
