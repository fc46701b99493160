using ListServer.MailAuth.Dkim;

namespace ListServer.MailAuth.Tests.Dkim;

/// <summary>Keys made by OpenSSL 3.0 (Data/keys), and our own.</summary>
public sealed class SigningKeyTests
{
    private const string Password = "open-sesame";

    [Theory]
    [InlineData("rsa-pkcs1", null)]
    [InlineData("rsa-pkcs1-encrypted", Password)]
    [InlineData("rsa-pkcs8", null)]
    [InlineData("rsa-pkcs8-encrypted", Password)]
    [InlineData("ed25519-pkcs8", null)]
    [InlineData("ed25519-pkcs8-encrypted", Password)]
    public void A_key_is_read_from_every_form_of_PEM(string name, string? password)
    {
        SigningKey.TryLoad(Pem(name), password, out var key, out var error).ShouldBeTrue(error);
        var kind = name[..name.IndexOf('-', StringComparison.Ordinal)];
        key.Algorithm.ShouldBe(kind == "rsa" ? "rsa-sha256" : "ed25519-sha256");
        key.DnsRecord.ShouldBe($"v=DKIM1; k={kind}; p={File.ReadAllText(Path($"{kind}-public.txt")).Trim()}");
        key.Bits.ShouldBe(kind == "rsa" ? 2048 : 256);
    }

    [Theory]
    [InlineData("rsa-768", null, "an RSA key of 768 bits is too short: at least 1024, better 2048")]
    [InlineData("ec-p256", null, "not an RSA or Ed25519 key")]
    [InlineData("rsa-public", null, "no private key in the PEM text")]
    [InlineData("rsa-pkcs8-encrypted", null, "the key is encrypted, and no password was given")]
    [InlineData("rsa-pkcs1-encrypted", null, "the key is encrypted, and no password was given")]
    [InlineData("ed25519-pkcs8-encrypted", "wrong", "the PEM text can't be read as a private key, or the password is wrong")]
    [InlineData("rsa-pkcs1-encrypted", "wrong", "the PEM text can't be read as a private key, or the password is wrong")]
    public void A_key_that_can_t_be_used_is_refused_in_words(string name, string? password, string expected)
    {
        SigningKey.TryLoad(Pem(name), password, out _, out var error).ShouldBeFalse();
        error.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nMAMCAQA=\n-----END RSA PRIVATE KEY-----")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: nonsense\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----")]
    public void Text_that_is_no_key_is_refused_in_words(string pem)
    {
        SigningKey.TryLoad(pem, Password, out _, out var error).ShouldBeFalse();
        error.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----")]
    public void A_key_cut_anywhere_is_refused_in_words(string begin)
    {
        var pem = Pem(begin.Contains("RSA", StringComparison.Ordinal) ? "rsa-pkcs1" : "rsa-pkcs8");
        for (var length = 0; length < pem.Length - 40; length += 37)
        {
            SigningKey.TryLoad(pem[..length], null, out _, out var error).ShouldBeFalse();
            error.ShouldNotBeNullOrEmpty();
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(Password)]
    public void A_key_of_ours_survives_being_written(string? password)
    {
        foreach (var key in new[] { Letters.Rsa, Letters.Ed25519 })
        {
            var pem = key.ToPem(password);
            pem.Contains("ENCRYPTED", StringComparison.Ordinal).ShouldBe(password is not null);
            SigningKey.TryLoad(pem, password, out var again, out var error).ShouldBeTrue(error);
            again.DnsRecord.ShouldBe(key.DnsRecord);
        }
    }

    [Theory]
    [InlineData("", "s1")]
    [InlineData("lists.example.", "s1")]
    [InlineData("lists..example", "s1")]
    [InlineData("lists.example", "")]
    [InlineData("lists.example", "s 1")]
    [InlineData("lists.example;", "s1")]
    public void An_identity_has_names_that_DNS_can_hold(string domain, string selector) =>
        Should.Throw<ArgumentException>(() => new SigningIdentity(domain, selector, Letters.Ed25519));

    [Fact]
    public void An_identity_turns_U_labels_into_A_labels() =>
        new SigningIdentity("Bücher.example", "s1", Letters.Ed25519).DnsName.ShouldBe("s1._domainkey.xn--bcher-kva.example");

    private static string Pem(string name) => File.ReadAllText(Path(name + ".pem"));

    private static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "keys", name);

    [Fact]
    public void An_encrypted_key_cut_within_a_block_is_an_answer()
    {
        const string pem = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        SigningKey.TryLoad(pem, "password", out _, out var error).ShouldBeFalse();
        error.ShouldBe("the PEM text can't be read as a private key, or the password is wrong");
    }
}
