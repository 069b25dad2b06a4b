namespace ColbertOnnx.Tests;

internal static class SameRows
{
    public static void Check(IReadOnlyList<ColbertEmbedding> expected, IReadOnlyList<ColbertEmbedding> actual, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int i = 0; i < expected.Count; i++)
            Assert.True(expected[i].Values.Span.SequenceEqual(actual[i].Values.Span), $"{what}: text {i} is not the same to the bit");
    }
}
