using System.Collections.Immutable;
using System.Text;
using ListServer.Lists.Bounces.Formats;
using ListServer.MailAuth;

namespace ListServer.Lists.Bounces;

/// <summary>
/// Reads returned mail: delivery status notifications (RFC 3464 in RFC 6522), and notices in plain words by the table in <c>Formats/</c>.
/// Pure, safe from any thread, linear in the message's length.
/// </summary>
public static class ReturnReader
{
    private const int MaxRecipients = 100;

    /// <summary>The report; null for anything else: answering machines, challenges, ordinary mail.</summary>
    /// <param name="message">The message. It has passed <see cref="PreCheck"/>.</param>
    public static ReturnReport? Read(RawMessage message)
    {
        if (ReturnedMail.Open(message) is not { } mail)
        {
            return null;
        }

        var notice = NoticeText.Read(mail.Words);
        var recipients = StatusReport.Read(mail.Status);
        if (recipients.IsEmpty)
        {
            recipients = ReadNotice(mail, notice);
        }

        return recipients.IsEmpty ? null : new ReturnReport(recipients, MessageId(mail, notice));
    }

    private static ImmutableArray<ReturnedRecipient> ReadNotice(ReturnedMail mail, NoticeText notice)
    {
        var isNotice = IsNotice(mail);
        if (!isNotice && !mail.HasNullPath)
        {
            return [];
        }

        // Some write the fields of RFC 3464 as plain text.
        if (mail.Words.Contains("Final-Recipient:", StringComparison.OrdinalIgnoreCase) && StatusReport.Read(mail.Words) is { IsEmpty: false } told)
        {
            return told;
        }

        var isWarning = Has(NoticeMarks.WarningSubjects, mail.Subject) || notice.Has(NoticeMarks.Warnings);
        var domain = mail.Sender[(mail.Sender.IndexOf('@', StringComparison.Ordinal) + 1)..];
        var found = NoticeReader.Read(notice, DistinctFormats.InOrder, domain, isWarning);
        return !found.IsEmpty || !isNotice ? found
            : StatusReport.Read(mail.InnerStatus) is { IsEmpty: false } inner ? inner
            : ReadVague(mail, notice, domain, isWarning);
    }

    // Exim and Gmail name them in the header. Else an address is taken from words that many use, or the returned message's To is meant, where
    // the words tell of a failure; a list's mail has the list in To, which did not fail.
    private static ImmutableArray<ReturnedRecipient> ReadVague(ReturnedMail mail, NoticeText notice, string domain, bool isWarning)
    {
        if (mail.FailedRecipients.Length > 0)
        {
            return Tell(mail.FailedRecipients.Split(',', MaxRecipients).Select(AddressScan.Whole), notice, isWarning);
        }

        var tellsFailure = isWarning || Has(NoticeMarks.Subjects, mail.Subject) || notice.Has(NoticeMarks.Failures);
        var found = tellsFailure ? NoticeReader.Read(notice, LastResort.Formats, domain, isWarning) : [];
        return found.IsEmpty && tellsFailure && ReturnedField(mail, notice, "List-Id").Length is 0
            ? Tell([AddressScan.First(ReturnedField(mail, notice, "To"))], notice, isWarning)
            : found;
    }

    private static ImmutableArray<ReturnedRecipient> Tell(IEnumerable<string?> addresses, NoticeText notice, bool isWarning)
    {
        var words = NoticeText.Short(notice.Between(0, notice.Lines.Length));
        return [.. addresses.OfType<string>().Select(address => NoticeReader.Tell(address, isWarning ? ReturnAction.Delayed : ReturnAction.Failed, words))];
    }

    private static bool IsNotice(ReturnedMail mail)
    {
        var name = string.Concat(mail.Sender.Split('@')[0].Where(char.IsLetterOrDigit));
        return mail.FailedRecipients.Length > 0 || Has(NoticeMarks.Daemons, name) || ((mail.HasNullPath || !mail.IsReply) && Has(NoticeMarks.Subjects, mail.Subject));
    }

    private static bool Has(ImmutableArray<string> phrases, string text) => phrases.Any(phrase => text.Contains(phrase, StringComparison.OrdinalIgnoreCase));

    private static string MessageId(ReturnedMail mail, NoticeText notice) =>
        ReturnedField(mail, notice, "Message-ID").Trim() is ['<', .., '>'] and var id ? id : "";

    private static string ReturnedField(ReturnedMail mail, NoticeText notice, string name)
    {
        foreach (var field in mail.Returned.Fields)
        {
            if (field.Is(name))
            {
                return Encoding.UTF8.GetString(field.RawValue.Span);
            }
        }

        return new[] { notice.Returned, mail.Words }
            .SelectMany(text => StatusFields.Read(text))
            .FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
    }
}
