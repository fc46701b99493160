using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ListServer.Smtp.Tests;

public sealed class PemCertificateTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

    private string CertificatePath => Path.Combine(_folder, "cert.pem");

    private string KeyPath => Path.Combine(_folder, "key.pem");

    [Fact]
    public void A_first_start_writes_a_certificate_that_is_kept_afterwards()
    {
        SelfSignedCertificate.WriteIfMissing(CertificatePath, KeyPath, "mx.example.org", _clock).ShouldBeTrue();
        var written = File.ReadAllText(CertificatePath);
        SelfSignedCertificate.WriteIfMissing(CertificatePath, KeyPath, "mx.example.org", _clock).ShouldBeFalse();
        File.ReadAllText(CertificatePath).ShouldBe(written);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        var certificate = Open().Current().TargetCertificate;
        certificate.Subject.ShouldBe("CN=mx.example.org");
        certificate.MatchesHostname("mx.example.org").ShouldBeTrue();
        certificate.NotAfter.Year.ShouldBe(2036);
    }

    [Fact]
    public void A_renewal_is_seen_within_a_minute()
    {
        SelfSignedCertificate.WriteIfMissing(CertificatePath, KeyPath, "old.example.org", _clock);
        var pem = Open();

        Renew("new.example.org");
        pem.Current().TargetCertificate.Subject.ShouldBe("CN=old.example.org");
        _clock.Advance(TimeSpan.FromMinutes(1));
        pem.Current().TargetCertificate.Subject.ShouldBe("CN=new.example.org");
    }

    [Fact]
    public void A_renewal_that_cannot_be_read_leaves_the_old_one_in_use()
    {
        SelfSignedCertificate.WriteIfMissing(CertificatePath, KeyPath, "old.example.org", _clock);
        var pem = Open();

        File.WriteAllText(CertificatePath, "-----BEGIN CERTIFICATE-----\nhalf");
        File.SetLastWriteTimeUtc(CertificatePath, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        _clock.Advance(TimeSpan.FromMinutes(1));
        pem.Current().TargetCertificate.Subject.ShouldBe("CN=old.example.org");

        Renew("new.example.org");
        _clock.Advance(TimeSpan.FromMinutes(1));
        pem.Current().TargetCertificate.Subject.ShouldBe("CN=new.example.org");
    }

    [Fact]
    public void A_missing_or_broken_file_is_an_error_at_start()
    {
        Should.Throw<IOException>(Open);
        File.WriteAllText(CertificatePath, "");
        File.WriteAllText(KeyPath, "");
        Should.Throw<CryptographicException>(Open);
    }

    private PemCertificate Open() => new(CertificatePath, KeyPath, _clock, NullLogger<PemCertificate>.Instance);

    private void Renew(string name)
    {
        File.Delete(CertificatePath);
        SelfSignedCertificate.WriteIfMissing(CertificatePath, KeyPath, name, _clock);
        File.SetLastWriteTimeUtc(CertificatePath, new DateTime(2031, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }
}
