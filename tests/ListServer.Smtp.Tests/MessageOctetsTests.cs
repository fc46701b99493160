using System.Text;
using System.Text.RegularExpressions;

namespace ListServer.Smtp.Tests;

/// <summary>The two scanners against a slow reading of the same rules, over random octets in random pieces.</summary>
public sealed class MessageOctetsTests
{
    [Fact]
    public void Unstuffing_does_not_depend_on_how_the_octets_arrive()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var input = Pick(random, "\r\n.a", random.Next(1, 24)) + (random.Next(3) == 0 ? "\r\n.\r\n" : "");
            var expected = Expected(input);

            var dots = new DotStuffing();
            var text = new StringBuilder();
            var read = 0;
            while (read < input.Length && !dots.IsEnd)
            {
                var piece = Encoding.Latin1.GetBytes(input[read..Math.Min(input.Length, read + random.Next(1, 6))]);
                var output = new byte[piece.Length + 1];
                var (consumed, written) = dots.Unstuff(piece, output);
                text.Append(Encoding.Latin1.GetString(output, 0, written));
                read += consumed;
            }

            dots.IsEnd.ShouldBe(expected.End >= 0, input);
            if (expected.End >= 0)
            {
                read.ShouldBe(expected.End);
                text.ToString().ShouldBe(expected.Text);
            }
        }
    }

    [Fact]
    public void Faults_are_found_wherever_the_octets_are_cut()
    {
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var input = Pick(random, random.Next(2) == 0 ? "\r\n\0a" : "\r\naaaaaaaa", random.Next(1, 16)).Replace("\r", random.Next(2) == 0 ? "\r\n" : "\r");
            var isClean = !Regex.IsMatch(input, "\r(?!\n)|(?<!\r)\n|\0");

            var check = new LineEndings();
            var fault = MessageFault.None;
            for (var at = 0; at < input.Length && fault == MessageFault.None;)
            {
                var piece = input[at..Math.Min(input.Length, at + random.Next(1, 6))];
                fault = check.Check(Encoding.Latin1.GetBytes(piece));
                at += piece.Length;
            }
            if (fault == MessageFault.None)
                fault = check.CheckEnd();

            (fault == MessageFault.None).ShouldBe(isClean, Regex.Escape(input));
        }
    }

    private static (string Text, int End) Expected(string input)
    {
        var end = ("\r\n" + input).IndexOf("\r\n.\r\n", StringComparison.Ordinal);
        if (end < 0)
            return ("", -1);
        var stuffed = ("\r\n" + input)[..(end + 2)];
        return (stuffed.Replace("\r\n.", "\r\n")[2..], end + 3);
    }

    private static string Pick(Random random, string from, int length) =>
        new([.. Enumerable.Range(0, length).Select(_ => from[random.Next(from.Length)])]);
}
