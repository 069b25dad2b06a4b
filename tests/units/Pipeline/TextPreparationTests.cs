using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

public sealed class TextPreparationTests
{
    private static string Prepare(string text, string prompt = "", bool lower = false) =>
        new TextPreparation(prompt, lower).Prepare(text).ToString();

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
    public void Rule_03_lower_case_is_Pythons_and_takes_the_prompt_along()
    {
        Assert.Equal("i\u0307stanbul", Prepare("\u0130stanbul", lower: true));
        Assert.Equal("\u03bf\u03b4\u03bf\u03c2", Prepare("\u039f\u0394\u039f\u03a3", lower: true));
        Assert.Equal("search i\u0307\u03c2: a\u03c3b", Prepare("A\u03a3B", "SEARCH \u0130\u03a3: ", lower: true));
        Assert.Equal("ABC", Prepare("ABC"));
    }

    [Fact]
    public void Places_lead_back_over_characters_that_became_longer()
    {
        var preparation = new TextPreparation("P\u0130: ", lowerCase: true);
        Assert.Equal("pi\u0307: a i\u0307\u0307b i\u0307x", preparation.Prepare(" A \u0130\u0307B \u0130x ".Trim()).ToString());
        // Given "A ..B .x": A 0, the dotted I 2, its own dot 3, B 4, the second dotted I 6, x 7.
        Assert.Equal((0, 1), preparation.ToGiven((5, 6)));
        Assert.Equal((2, 3), preparation.ToGiven((7, 8)));
        Assert.Equal((2, 3), preparation.ToGiven((7, 9)));
        Assert.Equal((2, 3), preparation.ToGiven((8, 9)));
        Assert.Equal((3, 5), preparation.ToGiven((9, 11)));
        Assert.Equal((6, 8), preparation.ToGiven((12, 15)));
    }

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
