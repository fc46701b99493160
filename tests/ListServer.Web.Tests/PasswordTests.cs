using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ListServer.Admin;
using ListServer.Admin.People;

namespace ListServer.Web.Tests;

/// <summary>A password counts together with a code only, and guessing either gets nowhere (SEC-24, SEC-25, SEC-28).</summary>
public sealed partial class PasswordTests
{
    private const string Password = "four quiet garden words";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_RFC_6238_appendix_B(long seconds, string code) =>
        Totp.Code("12345678901234567890"u8, Totp.StepOf(DateTimeOffset.FromUnixTimeSeconds(seconds))).ShouldBe(code);

    [Fact]
    public async Task A_password_with_a_code_signs_in_and_a_code_counts_once()
    {
        await using var site = await Site.StartAsync();
        var (secret, _) = await SetAsync(site);
        site.Time.Advance(TimeSpan.FromSeconds(30));
        var code = Code(site, secret);

        (await SignInAsync(site, Site.Owner, Password, code)).ShouldBe("/lists");
        (await SignInAsync(site, Site.Owner, Password, code)).ShouldBeNull("the code was used");
        site.Time.Advance(TimeSpan.FromSeconds(30));
        (await SignInAsync(site, Site.Owner, Password, Code(site, secret))).ShouldBe("/lists");
        (await SignInAsync(site, Site.Owner, Password, "")).ShouldBeNull();
        (await SignInAsync(site, Site.Owner, Password, "000000")).ShouldBeNull();
        site.Time.Advance(TimeSpan.FromSeconds(30));
        (await SignInAsync(site, Site.Owner, "another password", Code(site, secret))).ShouldBeNull();
        (await SignInAsync(site, Site.Moderator, Password, Code(site, secret))).ShouldBeNull();
    }

    [Fact]
    public async Task A_written_code_counts_once_in_place_of_the_app_s()
    {
        await using var site = await Site.StartAsync();
        var (_, codes) = await SetAsync(site);
        codes.Count.ShouldBe(8);

        (await SignInAsync(site, Site.Owner, Password, codes[3])).ShouldBe("/lists");
        (await SignInAsync(site, Site.Owner, Password, codes[3])).ShouldBeNull();
        (await site.DoAsync(new ShowPassword(Site.Owner))).RecoveryCodes.ShouldBe(7);
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sessions_and_its_removal_ends_it() // SEC-24
    {
        await using var site = await Site.StartAsync();
        var elsewhere = await site.SignInAsync(Site.Owner);
        var here = await site.SignInAsync(Site.Owner);
        var (_, codes) = await SetAsync(site, here);

        (await elsewhere.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await here.GetAsync("/lists")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var removed = await here.SubmitAsync("/account", "/account/password/remove");
        (await SignInAsync(site, Site.Owner, Password, codes[0])).ShouldBeNull();
    }

    [Theory]
    [InlineData("short", true, "A password has 12 to 200 characters")]
    [InlineData(Password, false, "This is not the code")]
    public async Task No_password_is_set_that_is_short_or_whose_app_was_not_tried(string password, bool isCodeRight, string problem)
    {
        await using var site = await Site.StartAsync();
        var browser = await site.SignInAsync(Site.Owner);
        var secret = Secret().Match(await browser.ReadAsync("/account/password")).Groups[1].Value;

        using var answer = await browser.SubmitAsync("/account/password", ("password", password), ("secret", secret), ("code", isCodeRight ? Code(site, secret) : "123456"));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancelled));
        page.ShouldContain(problem);
        page.ShouldContain(secret, customMessage: "what was scanned holds still");
        (await site.DoAsync(new ShowPassword(Site.Owner))).SetAt.ShouldBeNull();
    }

    [Fact]
    public async Task Guessing_is_shut_out_for_an_address_and_then_for_a_network_and_the_right_answer_is_no_exception() // SEC-25
    {
        await using var site = await Site.StartAsync();
        var (secret, _) = await SetAsync(site);
        site.Time.Advance(TimeSpan.FromSeconds(30));
        var tries = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => site.Desk.RunAsync(Try(Site.Owner, "wrong password", "203.0.113.9"), Cancelled)));
        tries.ShouldAllBe(outcome => outcome is Outcome<OpenSession>.Refused);

        (await site.Desk.RunAsync(Try(Site.Owner, Password, "198.51.100.1") with { Code = Code(site, secret) }, Cancelled)).ShouldBeOfType<Outcome<OpenSession>.Refused>();
        (await site.Desk.RunAsync(Try(Site.Moderator, "x", "203.0.113.200"), Cancelled)).ShouldBe(tries[0], "who guesses one address guesses no other from the same network, and hears the same");
        site.Time.Advance(TimeSpan.FromMinutes(1));
        (await site.Desk.RunAsync(Try(Site.Owner, Password, "198.51.100.1") with { Code = Code(site, secret) }, Cancelled)).ShouldBeOfType<Outcome<OpenSession>.Done>();
    }

    [Fact]
    public async Task Neither_password_nor_secret_nor_written_codes_stand_in_the_data_folder() // SEC-28
    {
        await using var site = await Site.StartAsync();
        var (secret, codes) = await SetAsync(site);
        string[] secrets = [Password, secret, Convert.ToBase64String(Convert.FromHexString(secret)), .. codes.Select(code => code.Replace(" ", "", StringComparison.Ordinal))];
        foreach (var file in Directory.EnumerateFiles(Path.Combine(site.Store.Folder, "journal")))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            var text = await reader.ReadToEndAsync(Cancelled);
            text.ShouldContain("password-saved");
            secrets.ShouldAllBe(secret => !text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    private static SignInByPassword Try(string address, string password, string client) => new(address, password, "000000", new Browser(client, ""));

    private static string Code(Site site, string secret) => Totp.Code(Convert.FromHexString(secret), Totp.StepOf(site.Time.GetUtcNow()));

    private static async Task<(string Secret, List<string> Codes)> SetAsync(Site site, Site.Browser? browser = null)
    {
        browser ??= await site.SignInAsync(Site.Owner);
        var secret = Secret().Match(await browser.ReadAsync("/account/password")).Groups[1].Value;
        using var answer = await browser.SubmitAsync("/account/password", ("password", Password), ("secret", secret), ("code", Code(site, secret)));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (secret, [.. Written().Matches(await answer.Content.ReadAsStringAsync(Cancelled)).Select(match => match.Groups[1].Value)]);
    }

    /// <summary>Where it leads; null for nowhere.</summary>
    private static async Task<string?> SignInAsync(Site site, string address, string password, string code)
    {
        using var answer = await site.Open().SubmitAsync("/sign-in/password", ("address", address), ("password", password), ("code", code), ("to", "/lists"));
        return answer.StatusCode is HttpStatusCode.SeeOther ? answer.Headers.Location!.ToString() : null;
    }

    [GeneratedRegex("name=\"secret\" value=\"([0-9A-F]{40})\"")]
    private static partial Regex Secret();

    [GeneratedRegex("<li><code>([a-z0-9 ]+)</code>")]
    private static partial Regex Written();
}
