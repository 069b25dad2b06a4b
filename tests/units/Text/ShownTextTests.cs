using System.Globalization;

namespace ColbertOnnx.Tests.Text;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("\u001b]0;title\a", "\\u001b]0;title\\u0007")]
    [InlineData("\0\u007f\u0085\u009b", "\\u0000\\u007f\\u0085\\u009b")]
    [InlineData("a\u202eb\u2066c\u2069\u200e\u200f\u061c", "a\\u202eb\\u2066c\\u2069\\u200e\\u200f\\u061c")]
    [InlineData("a\u2028b\u2029", "a\\u2028b\\u2029")]
    [InlineData("a\tb\nc\rd", "a b c d")]
    [InlineData("plain 😀 e\u0301 ‍\u200d 中", "plain 😀 e\u0301 ‍\u200d 中")]
    public void What_steers_a_terminal_is_shown_as_an_escape_and_the_rest_as_it_is(string text, string shown)
    {
        Assert.Equal(shown, ShownText.Of(text));
        Assert.Equal(shown, ShownText.Whole(text));
        Assert.Equal(shown, ShownText.Message(text));
        Assert.Equal(shown, new ColbertException(ColbertErrorId.InputInvalid, text, text, text).Message);
        Assert.Equal(shown, new ColbertException(ColbertErrorId.InputInvalid, text, text, text).Action);
        // What the error is about stays what it is: scripts open that file.
        Assert.Equal(text, new ColbertException(ColbertErrorId.InputInvalid, text, text, text).Target);
    }

    [Theory]
    [InlineData(1, null, null, "1 text")]
    [InlineData(0, null, null, "0 texts")]
    [InlineData(2, null, null, "2 texts")]
    [InlineData(-1, null, null, "-1 texts")]
    [InlineData(1, "of them", null, "1 text")]
    [InlineData(3, "of them", null, "3 of them")]
    [InlineData(1234567, null, "N0", "1,234,567 texts")]
    public void A_count_has_its_thing_behind_it_one_or_many(long count, string? many, string? format, string shown)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("de-DE") { NumberFormat = { NegativeSign = "~" } };
            Assert.Equal(shown, ShownText.Count(count, "text", many, format));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Half_of_a_pair_is_shown_as_an_escape()
    {
        Assert.Equal("\\ud83d", ShownText.Of("\ud83d"));
        Assert.Equal("\\ude00\\ud83d x", ShownText.Whole("\ude00\ud83d x"));
    }

    [Fact]
    public void Lines_stay_lines_where_lines_are_wanted() => Assert.Equal("a\nb\\u001b", ShownText.Lines("a\nb\u001b"));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("ab\u001bcdef", 6, "ab…")]
    [InlineData("abcd\u001b", 6, "abcd…")]
    [InlineData("abcd😀x", 6, "abcd…")]
    [InlineData("abcd😀", 6, "abcd😀")]
    [InlineData("\u001b", 6, "\\u001b")]
    [InlineData("\u001ba", 6, "…")]
    public void A_long_value_is_cut_between_characters(string text, int most, string shown) =>
        Assert.Equal(shown, ShownText.Of(text, most));

    [Fact]
    public void Of_a_long_value_in_a_message_the_beginning_and_the_end_are_shown_and_all_that_we_say_about_it()
    {
        string name = "/folder/" + new string('x', 85_000) + "/model.onnx";
        string shown = ShownText.Message($"The model's file '{name}' is not what it's said to be.");
        Assert.InRange(shown.Length, 200, 300);
        Assert.StartsWith("The model's file '/folder/xxx", shown, StringComparison.Ordinal);
        Assert.EndsWith("xxx/model.onnx' is not what it's said to be.", shown, StringComparison.Ordinal);
        Assert.Equal(shown, ShownText.Message(shown));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\u001b")]
    [InlineData(" '")]
    [InlineData("'x")]
    [InlineData("😀")]
    public void No_message_is_longer_than_what_people_read(string part)
    {
        string shown = ShownText.Message("The start. " + string.Concat(Enumerable.Repeat(part, 100_000)) + " The end.");
        Assert.InRange(shown.Length, 100, ShownText.MostOfMessage);
        Assert.StartsWith("The start.", shown, StringComparison.Ordinal);
        Assert.EndsWith("The end.", shown, StringComparison.Ordinal);
        Assert.Equal(shown, ShownText.Message(shown));
        Assert.Equal(shown, ShownText.Whole(shown));
    }

    [Fact]
    public void A_sentence_of_ours_between_two_apostrophes_is_no_value()
    {
        string sentence = "The model's settings say " + string.Concat(Enumerable.Repeat("one thing and another ", 20)) + "which isn't so.";
        Assert.Equal(sentence, ShownText.Message(sentence));
    }
}
