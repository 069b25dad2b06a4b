using ColbertOnnx.Export;

namespace ColbertOnnx.Tests.Export;

/// <summary>How two graphs' token vectors are compared.</summary>
public sealed class ModelVerifierTests
{
    [Fact]
    public void Equal_vectors_and_pairs_of_zeros_pass()
    {
        ColbertVerification found = Compare([[0.6f, 0.8f], [0, 0]], [[0.6f, 0.8f], [0, 0]]);
        Assert.Equal((1, 2, 1.0, 0.0), (found.Texts, found.Tokens, found.SmallestCosine, found.LargestDifference));
        Assert.Null(found.Miss());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_value_that_is_not_finite_is_near_to_nothing(float value)
    {
        ColbertVerification found = Compare([[1, 0], [1, 0]], [[1, value], [1, 0]]);
        Assert.Equal((-1.0, double.PositiveInfinity), (found.SmallestCosine, found.LargestDifference));
        Assert.NotNull(found.Miss());
    }

    [Fact]
    public void Zeros_beside_another_vector_miss()
    {
        ColbertVerification found = Compare([[1e-5f, 0]], [[0, 0]]);
        Assert.Equal((-1.0, double.PositiveInfinity), (found.SmallestCosine, found.LargestDifference));
        Assert.NotNull(found.Miss());
    }

    private static ColbertVerification Compare(float[][] expected, float[][] actual) => ModelVerifier.Compare([expected], [actual]);
}
