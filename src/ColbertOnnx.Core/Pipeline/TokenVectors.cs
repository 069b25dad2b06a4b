namespace ColbertOnnx.Pipeline;

/// <summary>The token vectors of a text in the graph's output.</summary>
internal static class TokenVectors
{
    /// <summary>
    /// Copies the kept token vectors of one text to <paramref name="destination"/> (kept.Length x dimension values) and,
    /// by default, normalizes them.
    /// </summary>
    /// <param name="output">The text's token vectors, one after the other; those behind the last kept one may be padding.</param>
    public static void Gather(
        ReadOnlySpan<float> output, ReadOnlySpan<int> kept, int dimension, Span<float> destination, bool normalize = true)
    {
        for (int i = 0; i < kept.Length; i++)
        {
            Span<float> target = destination.Slice(i * dimension, dimension);
            output.Slice(kept[i] * dimension, dimension).CopyTo(target);
            if (normalize) Normalize(target);
        }
    }

    /// <summary>
    /// docs/semantics.md, rule 13: divides the vector by its L2 norm, never by less than 1e-12. Graphs mostly do this themselves; doing it
    /// again moves a value by one unit in its last place at most (6e-8), so no graph has to say whether it did.
    /// </summary>
    public static void Normalize(Span<float> vector)
    {
        float norm = MathF.Max((float)VectorMath.Length(vector), 1e-12f);
        foreach (ref float value in vector) value /= norm;
    }
}
