using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

public sealed class TokenMaskTests
{
    [Fact]
    public void Rule_13_vectors_are_divided_by_their_norm_but_never_by_less_than_1e_minus_12()
    {
        float[] row = [3, 0, -4];
        TokenVectors.Normalize(row);
        Assert.Equal([0.6f, 0, -0.8f], row);
        float[] zero = [0, 0];
        TokenVectors.Normalize(zero);
        Assert.Equal([0, 0], zero);
        float[] tiny = [1e-14f, 0];
        TokenVectors.Normalize(tiny);
        Assert.Equal(0.01f, tiny[0], 1e-6f);
    }

    [Fact]
    public void Kept_vectors_are_gathered_in_order()
    {
        float[] output = [1, 0, 0, 2, 0, 0, 5, 0];
        float[] rows = new float[4];
        TokenVectors.Gather(output, [1, 3], 2, rows);
        Assert.Equal([0, 1, 1, 0], rows);
    }
}
