using ColbertOnnx.Runtime.Rows;

namespace ColbertOnnx.Tests.Runtime.Rows;

public sealed class OperatorChoiceTests
{
    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("on", true)]
    [InlineData("OFF", false)]
    public void COLBERT_OPERATORS_leaves_a_graph_to_the_library(string? value, bool isOn) => Assert.Equal(isOn, OperatorChoice.Read(value));

    [Fact]
    public void Another_word_is_wrong_input()
    {
        var error = Assert.Throws<ColbertException>(() => OperatorChoice.Read("none"));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("'none'", error.Message, StringComparison.Ordinal);
    }
}
