using System.Text;
using ListServer.MailAuth;

namespace ListServer.Lists.Tests;

public sealed class PostContentTests
{
    [Theory]
    [InlineData("Subject: =?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=\r\n =?UTF-8?Q?_caf=C3=A9?=\r\n", "日本 café")]
    [InlineData("Subject: one\r\n\ttwo\r\nSubject: other\r\n", "one two")]
    [InlineData("Subject: =?UTF-8?Q?a=0D=0ABcc:_b=00?=\r\n", "a Bcc: b")]
    [InlineData("Subject:\r\n", "")]
    [InlineData("From: a@b\r\n", "")]
    [InlineData("SUBJECT : late colon\r\n", "late colon")]
    public void The_subject_is_decoded_on_one_line(string header, string expected) => Read(header).Subject.ShouldBe(expected);

    [Theory]
    [InlineData("Message-ID: <a.b@c>\r\n", "<a.b@c>")]
    [InlineData("message-id:\r\n <a@b>\r\n", "<a@b>")]
    [InlineData("Message-ID: a@b\r\n", "")]
    [InlineData("Message-ID: <a b@c>\r\n", "")]
    [InlineData("Message-ID: <ü@c>\r\n", "")]
    [InlineData("", "")]
    public void The_message_id_is_ascii_in_angle_brackets_or_empty(string header, string expected) => Read(header).MessageId.ShouldBe(expected);

    private static PostContent Read(string header) => PostContent.Read(RawMessage.Parse(Encoding.UTF8.GetBytes(header + "\r\n")));
}
