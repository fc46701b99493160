using System.Text;
using System.Text.Json;
using ListServer.MailAuth.AuthenticationResults;

namespace ListServer.MailAuth.Tests.AuthenticationResults;

/// <summary>Fields of the tests of MimeKit, python-authres, mox and go-msgauth (RFC 8601).</summary>
public sealed class ResultsSuiteTests
{
    public static IEnumerable<TheoryDataRow<string>> Cases => SuiteCase.Ids("authres");

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_field_of_a_suite_case_is_read(string id)
    {
        var item = SuiteCase.Get(id);
        var field = Encoding.UTF8.GetBytes(item.Text("input"));
        var isValid = ResultsField.TryParse(field.AsSpan(field.AsSpan().IndexOf((byte)':') + 1), out var read, out var error);

        var expected = item.Expected.GetProperty("authres");
        isValid.ShouldBe(expected.GetProperty("valid").GetBoolean(), error);
        if (isValid)
        {
            read!.AuthservId.ShouldBe(expected.GetProperty("authservId").GetString());
            Describe(read).ShouldBe([.. expected.GetProperty("results").EnumerateArray().Select(Describe)]);
        }
    }

    private static string[] Describe(ResultsField field) => [.. field.Results.Select(r =>
        $"{r.Method}={r.Result} {r.Reason}|{string.Join(' ', r.Properties.Select(p => $"{p.PropertyType}.{p.Property}={p.Value}"))}")];

    private static string Describe(JsonElement result) =>
        $"{Text(result, "method")}={Text(result, "result")} {Text(result, "reason")}|" + string.Join(
            ' ', result.GetProperty("properties").EnumerateArray().Select(p => $"{Text(p, "ptype")}.{Text(p, "property")}={Text(p, "value")}"));

    private static string? Text(JsonElement json, string property) => json.TryGetProperty(property, out var text) ? text.GetString() : null;
}
