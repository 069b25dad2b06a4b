namespace ColbertOnnx.Embeddings;

internal static class FiniteNumbers
{
    /// <summary>Place of the first NaN or infinity; -1: there is none.</summary>
    public static int IndexOfNotFinite(this ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
            if (!float.IsFinite(values[i])) return i;
        return -1;
    }
}
