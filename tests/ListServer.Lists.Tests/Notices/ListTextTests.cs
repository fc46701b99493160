using ListServer.Lists.Notices;

namespace ListServer.Lists.Tests.Notices;

/// <summary>Headers and footers are checked when they are saved.</summary>
public sealed class ListTextTests
{
    [Theory]
    [InlineData("____\nhttps://lists.example/news { } %d")]
    [InlineData("{{ list_name }}{% if post_link != '' %}\n{{ post_link }}{% endif %}")]
    [InlineData("")]
    public void What_can_be_filled_in_is_fit(string source) => ListText.Problem(source).ShouldBeNull();

    [Theory]
    [InlineData("one\ntwo {{ list_nam }}", "Line 2: ", "list_nam", "The values are author_name, date, join_address")]
    [InlineData("one\ntwo {{ list_name", "Line 2: ", "{{ name }}", "")]
    [InlineData("one\n\n{% if serial %}", "Line ", "{% endif %}", "")]
    [InlineData("{{ list_name | shout }}", "shout", "", "")]
    [InlineData("{% for i in (1..900000) %}{{ list_name }}{% endfor %}", "", "", "")]
    [InlineData("{% for i in (1..900) %}{{ list_name }}{% endfor %}", "Filled in it is longer than 20,000 characters.", "", "")]
    public void What_can_t_be_filled_in_is_refused_with_line_and_cure(string source, params string[] words)
    {
        var problem = ListText.Problem(source).ShouldNotBeNull();
        foreach (var word in words)
        {
            problem.ShouldContain(word);
        }
    }

    [Fact]
    public void A_long_one_is_refused() => ListText.Problem(new string('x', ListText.MaxLength + 1)).ShouldBe("It is longer than 10,000 characters.");
}
