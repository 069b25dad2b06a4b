using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Tests.Diagnostics;

public sealed class OutputCheckTests
{
    [Fact]
    public void Unit_vectors_in_the_right_number_are_right() =>
        Assert.Null(OutputCheck.Wrong(Embedding(1, 0, 0.6f, 0.8f), 2, isUnit: true));

    [Theory]
    [InlineData(0.6f, 0.9f, 1, "length 1.08")]
    [InlineData(float.NaN, 0f, 1, "not finite")]
    [InlineData(float.PositiveInfinity, 0f, 1, "not finite")]
    [InlineData(0f, 0f, 1, "length 0.0000")]
    [InlineData(1f, 0f, 2, "1 token vectors, and its layout says 2")]
    public void What_is_wrong_is_said(float a, float b, int count, string said) =>
        Assert.Contains(said, OutputCheck.Wrong(Embedding(a, b), count, isUnit: true), StringComparison.Ordinal);

    [Fact]
    public void Rows_that_a_model_does_not_normalize_may_have_any_length_but_not_be_infinite()
    {
        Assert.Null(OutputCheck.Wrong(Embedding(3, 4), 1, isUnit: false));
        Assert.NotNull(OutputCheck.Wrong(Embedding(3, float.NaN), 1, isUnit: false));
    }

    [Fact]
    public void Vectors_may_differ_by_rounding_and_not_by_more()
    {
        Assert.Null(OutputCheck.Different([0.5f, 0.25f], [0.5f, 0.25005f], OutputCheck.Tolerance));
        Assert.Contains("0.01", OutputCheck.Different([0.5f, 0.25f], [0.5f, 0.26f], OutputCheck.Tolerance), StringComparison.Ordinal);
        Assert.NotNull(OutputCheck.Different([0.5f, float.NaN], [0.5f, 0.25f], OutputCheck.Tolerance));
        Assert.NotNull(OutputCheck.Different([0.5f], [0.5f, 0.25f], OutputCheck.Tolerance));
    }

    private static ColbertEmbedding Embedding(params float[] values) => new(TextKind.Document, "text", values, 2);
}
