using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Tests.Dkim;

/// <summary>RFC 6376 §3.4.</summary>
public sealed class CanonicalizationTests
{
    private static readonly Gen<string> Parts = Gen.OneOf(new[] { " ", "\t", "\r\n", "\r", "\n", "a", "Bc", "\0", "é", ":" }.Select(Gen.Const).ToArray());
    private static readonly Gen<byte[]> Octets = Parts.Array[0, 40].Select(parts => Encoding.Latin1.GetBytes(string.Concat(parts)));

    /// <summary>With words long enough that canonicalization comes to the end of the stretch that it looks at in one go.</summary>
    private static readonly Gen<byte[]> LongOctets = Gen.OneOf(Parts, Gen.Int[505, 516].Select(n => new string('w', n))).Array[0, 40]
        .Select(parts => Encoding.Latin1.GetBytes(string.Concat(parts)));

    [Theory]
    [InlineData("", "\r\n", "")]
    [InlineData("\r\n", "\r\n", "")]
    [InlineData("\r\n\r\n\r\n", "\r\n", "")]
    [InlineData(" \r\n", " \r\n", "")]
    [InlineData(" \t ", " \t \r\n", "")]
    [InlineData("a", "a\r\n", "a\r\n")]
    [InlineData("a\r\n\r\n", "a\r\n", "a\r\n")]
    [InlineData("a\r\n \r\n\t\r\n", "a\r\n \r\n\t\r\n", "a\r\n")]
    [InlineData("\r\na", "\r\na\r\n", "\r\na\r\n")]
    [InlineData(" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n")] // §3.4.5
    [InlineData("a\tb\r\n", "a\tb\r\n", "a b\r\n")]
    [InlineData("a \t", "a \t\r\n", "a\r\n")] // §3.4.4: the last line is one without its CRLF too
    [InlineData("a\r\n b \t", "a\r\n b \t\r\n", "a\r\n b\r\n")]
    [InlineData("a\r\n \t", "a\r\n \t\r\n", "a\r\n")]
    [InlineData("a b  c \r\n", "a b  c \r\n", "a b c\r\n")]
    [InlineData("a \rb\r\n", "a \rb\r\n", "a \rb\r\n")]
    [InlineData("a\r", "a\r\r\n", "a\r\r\n")]
    [InlineData("a\n\n", "a\n\n\r\n", "a\n\n\r\n")]
    [InlineData("a \n\r\n", "a \n\r\n", "a \n\r\n")]
    [InlineData("a\r\r\n\r\n", "a\r\r\n", "a\r\r\n")]
    public void A_body_has_these_canonical_forms(string body, string simple, string relaxed)
    {
        Body(body, Canonicalization.Simple).ShouldBe(simple);
        Body(body, Canonicalization.Relaxed).ShouldBe(relaxed);
    }

    [Theory]
    [InlineData("A: X\r\n", "A: X\r\n", "a:X\r\n")] // §3.4.5
    [InlineData("B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n")] // §3.4.5
    [InlineData("A:\r\n", "A:\r\n", "a:\r\n")]
    [InlineData("A: \r\n \r\n", "A: \r\n \r\n", "a:\r\n")]
    [InlineData("A:\r\n b  c\r\n", "A:\r\n b  c\r\n", "a:b c\r\n")]
    [InlineData("SubJect:b:c : d", "SubJect:b:c : d\r\n", "subject:b:c : d\r\n")]
    [InlineData("A: x\ry \r z\r\n", "A: x\ry \r z\r\n", "a:x\ry \r z\r\n")]
    [InlineData("A: \u00e9\r\n", "A: \u00e9\r\n", "a:\u00e9\r\n")]
    [InlineData("A: x\n y\n", "A: x\n y\n\r\n", "a:x\n y\n\r\n")]
    public void A_field_has_these_canonical_forms(string field, string simple, string relaxed)
    {
        Field(field, Canonicalization.Simple).ShouldBe(simple);
        Field(field, Canonicalization.Relaxed).ShouldBe(relaxed);
    }

    [Theory]
    [InlineData(Canonicalization.Simple)]
    [InlineData(Canonicalization.Relaxed)]
    public void A_canonical_body_is_its_own_canonical_form(Canonicalization canonicalization) => Octets.Sample(body =>
    {
        var once = Body(Encoding.Latin1.GetString(body), canonicalization);
        return Body(once, canonicalization) == once;
    });

    [Theory]
    [InlineData(Canonicalization.Simple)]
    [InlineData(Canonicalization.Relaxed)]
    public void A_canonical_field_is_its_own_canonical_form(Canonicalization canonicalization) => Octets.Sample(value =>
    {
        var once = Field("A:" + Encoding.Latin1.GetString(value) + "x\r\n", canonicalization);
        return Field(once, canonicalization) == once;
    });

    [Theory]
    [InlineData(Canonicalization.Simple)]
    [InlineData(Canonicalization.Relaxed)]
    public void The_pieces_in_which_a_body_comes_change_nothing(Canonicalization canonicalization) =>
        Gen.Select(LongOctets, Gen.Int[1, 7]).Sample((body, piece) =>
        {
            var output = new ArrayBufferWriter<byte>();
            var canonicalizer = new BodyCanonicalizer(canonicalization, output);
            foreach (var part in body.Chunk(piece))
            {
                canonicalizer.Append(part);
            }

            canonicalizer.Finish();
            return Encoding.Latin1.GetString(output.WrittenSpan) == Body(Encoding.Latin1.GetString(body), canonicalization);
        });

    [Fact]
    public void A_relaxed_value_is_unfolded_and_its_white_space_single() => LongOctets.Sample(octets =>
    {
        var value = Encoding.Latin1.GetString(octets) + "x";
        var unfolded = value.Replace("\r\n", " \t", StringComparison.Ordinal);
        return Field("A:" + value + "\r\n", Canonicalization.Relaxed) == "a:" + Regex.Replace(unfolded, "[ \t]+", " ").TrimStart(' ') + "\r\n";
    });

    [Fact]
    public async Task A_body_is_hashed_alike_at_once_and_as_a_stream()
    {
        var body = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("Some  text \t here \r\n\r\n", 20_000)));
        using var stream = new MemoryStream(body);
        var streamed = await BodyHash.ComputeAsync(stream, cancellationToken: TestContext.Current.CancellationToken);
        var canonical = Body(Encoding.Latin1.GetString(body), Canonicalization.Relaxed);
        streamed.Sha256.ShouldBe(SHA256.HashData(Encoding.Latin1.GetBytes(canonical)));
        streamed.CanonicalLength.ShouldBe((ulong)canonical.Length);
        BodyHash.Compute(body).Sha256.ShouldBe(streamed.Sha256.AsEnumerable());
    }

    [Fact]
    public async Task A_stream_that_breaks_leaves_nothing_in_the_next_hash()
    {
        var body = new byte[100_000];
        using var broken = new BrokenStream(body);
        await Should.ThrowAsync<IOException>(() => BodyHash.ComputeAsync(broken, cancellationToken: TestContext.Current.CancellationToken));
        BodyHash.Compute([], Canonicalization.Relaxed).Sha256.ShouldBe(SHA256.HashData([]));
    }

    private sealed class BrokenStream(byte[] octets) : MemoryStream(octets)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position > Length / 2 ? throw new IOException("broken") : base.ReadAsync(buffer, cancellationToken);
    }

    private static string Body(string body, Canonicalization canonicalization)
    {
        var output = new ArrayBufferWriter<byte>();
        var canonicalizer = new BodyCanonicalizer(canonicalization, output);
        canonicalizer.Append(Encoding.Latin1.GetBytes(body));
        canonicalizer.Finish();
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }

    private static string Field(string field, Canonicalization canonicalization)
    {
        var output = new ArrayBufferWriter<byte>();
        HeaderCanonicalizer.Write(Encoding.Latin1.GetBytes(field), canonicalization, output);
        return Encoding.Latin1.GetString(output.WrittenSpan);
    }
}
