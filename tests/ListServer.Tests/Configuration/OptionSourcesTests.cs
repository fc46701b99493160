using System.Net;
using ListServer.Configuration;

namespace ListServer.Tests.Configuration;

public sealed class OptionSourcesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("listserver-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Values_of_every_form_are_read()
    {
        var options = Read(
            out var errors, "Smtp:Listen=127.0.0.1:2525, [::1]:2525", "Smtp:MaxMessageOctets=1048576", "Log:ShowAddresses=true",
            "Dns:Timeout=3s", "Trust:Sealers=a.example,b.example", "Smtp:TrustedProxies=10.0.0.0/8,127.0.0.1", "Outbound:Routes:example.org=localhost:2526");

        errors.ShouldBeEmpty();
        options.Smtp.Listen.ShouldBe([new IPEndPoint(IPAddress.Loopback, 2525), new IPEndPoint(IPAddress.IPv6Loopback, 2525)]);
        options.Smtp.MaxMessageOctets.ShouldBe(1_048_576);
        options.Log.ShowAddresses.ShouldBeTrue();
        options.Dns.Timeout.ShouldBe(TimeSpan.FromSeconds(3));
        options.Trust.Sealers.ShouldBe(["a.example", "b.example"]);
        options.Smtp.TrustedProxies.ShouldBe([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("127.0.0.1/32")]);
        options.Outbound.Routes["example.org"].ShouldBe("localhost:2526");
        options.HostName.ShouldNotBeEmpty();
    }

    [Fact]
    public void Set_wins_over_the_file_and_the_file_over_the_default()
    {
        File.WriteAllText(Path.Combine(_folder, OptionSources.FileName), """{"Smtp": {"Listen": ["127.0.0.1:1", "127.0.0.1:2"], "MaxRecipients": 7}, "HostName": "mx.example.org"}""");

        var options = Read(out var errors, "Smtp:MaxRecipients=9");

        errors.ShouldBeEmpty();
        options.Smtp.Listen.Length.ShouldBe(2);
        options.Smtp.MaxRecipients.ShouldBe(9);
        options.HostName.ShouldBe("mx.example.org");
    }

    [Theory]
    [InlineData("Web:Oidc:Authority=https://login.example", "all set, or none")]
    [InlineData("Web:Oidc:ClientSecret=s", "all set, or none")]
    [InlineData("Web:Oidc:Authority=http://login.example", "is not an https address")]
    public void A_provider_of_identities_is_named_whole_and_reached_by_TLS(string assignment, string problem)
    {
        var options = Read(out var errors, assignment);
        errors.ShouldBeEmpty();
        options.Problems().ShouldContain(found => found.Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Smpt:Listen=127.0.0.1:25", "'Smtp:Listen'")]
    [InlineData("Smtp:MaxRecipient=5", "'Smtp:MaxRecipients'")]
    [InlineData("Outbound:Smarthots=x", "'Outbound:Smarthost'")]
    public void An_unknown_option_names_the_nearest(string assignment, string nearest)
    {
        Read(out var errors, assignment);
        errors.ShouldHaveSingleItem().ShouldContain(nearest);
    }

    [Theory]
    [InlineData("Smtp:Listen=127.0.0.1", "an address and port")]
    [InlineData("Smtp:MaxRecipients=many", "a whole number")]
    [InlineData("Smtp:MaxRecipients=-1", "a whole number")]
    [InlineData("Dns:Timeout=soon", "a time like")]
    [InlineData("Outbound:Dane=perhaps", "true or false")]
    [InlineData("Outbound:Tls=maybe", "one of")]
    [InlineData("Smtp:Listen", "Key=Value")]
    public void A_value_that_can_t_be_read_is_told_with_the_form_it_should_have(string assignment, string words)
    {
        Read(out var errors, assignment);
        errors.ShouldHaveSingleItem().ShouldContain(words);
    }

    [Fact]
    public void A_broken_file_is_told()
    {
        File.WriteAllText(Path.Combine(_folder, OptionSources.FileName), "{ \"Smtp\": ");
        Read(out var errors);
        errors.ShouldHaveSingleItem().ShouldContain(OptionSources.FileName);
    }

    [Fact]
    public void Every_option_can_be_bound()
    {
        foreach (var key in OptionBinder.Keys(typeof(ServerOptions)))
        {
            Read(out var errors, $"{key}=\u0001");
            errors.ShouldAllBe(error => !error.StartsWith("There is no option", StringComparison.Ordinal), key);
        }
    }

    private ServerOptions Read(out IReadOnlyList<string> errors, params string[] assignments) =>
        OptionSources.Read(_folder, null, assignments, out errors);
}
