using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

public sealed class TextPreparationTests
{
    private static string Prepare(string text, string prompt = "", bool lower = false) => new TextPreparation(prompt, lower).Prepare(text).ToString();

    [Fact]
    public void Rule_01_the_prompt_goes_in_front_before_blanks_are_stripped()
    {
        Assert.Equal("query: a b", Prepare(" a b ", "  query:"));
        Assert.Equal("query:", Prepare("  ", "query:"));
    }

    [Theory]
    [InlineData("\u001c\u001d x \u001e\u001f", "x")]
    [InlineData("\u00a0\u3000\u2028x\u0085", "x")]
    [InlineData(" \t\r\n\v\f", "")]
    [InlineData("\u200bx\ufeff", "\u200bx\ufeff")]
    [InlineData("", "")]
    public void Rule_02_blanks_go_as_Python_strips_them(string text, string expected) => Assert.Equal(expected, Prepare(text));

    [Fact]
    public void Places_in_the_prepared_text_lead_back_to_the_given_one()
    {
        var preparation = new TextPreparation("p: ", lowerCase: false);
        Assert.Equal("p:   word", preparation.Prepare("  word ").ToString());
        Assert.Equal((2, 6), preparation.ToGiven((5, 9)));
        Assert.Equal((0, 0), preparation.ToGiven((0, 2)));
        Assert.Equal((0, 3), preparation.ToGiven((1, 6)));
        Assert.Equal("a b", preparation.Prepare("a b")[3..].ToString());
        Assert.Equal((2, 3), preparation.ToGiven((5, 6)));
    }

    // Not a theory: an attribute keeps its strings in UTF-8, which cannot hold these.
    [Fact]
    public void Half_of_a_surrogate_pair_is_InputInvalid()
    {
        foreach ((string text, int position) in new[] { ("a\ud800b", 1), ("\udc00", 0), ("\U0001F44D\ud83d", 2) })
        {
            var error = Assert.Throws<ColbertException>(() => Prepare(text));
            Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
            Assert.Contains($"position {position}.", error.Message);
        }

        Assert.Equal("\U0001F44D \U0001F44D", Prepare("\U0001F44D \U0001F44D"));
    }
}
