namespace ColbertOnnx.Pipeline;

/// <summary>From the rows of the graph's output to the result that the caller keeps.</summary>
internal static class EmbeddingBuilder
{
    public static ColbertEmbedding Build(EncodeSlot slot, ReadOnlySpan<float> output, int dimension, EncodeOptions options, IRowEncoder rows)
    {
        TokenRow row = slot.Row!;
        float[] values = GC.AllocateUninitializedArray<float>(row.KeptCount * dimension);
        RowSelection.Gather(output, row.Kept, dimension, values);

        int[]? ids = options.IncludeTokens ? KeptOf(row.Ids, row) : null;
        return new ColbertEmbedding(options.Kind, slot.Request.Text, values, dimension)
        {
            Id = slot.Request.Id,
            Source = slot.Request.Source,
            IsTruncated = row.IsTruncated,
            TokenIds = ids,
            Tokens = ids is null ? null : Array.ConvertAll(ids, rows.TokenOf),
            TokenOffsets = ids is null ? null : KeptOf(row.Offsets, row),
        };
    }

    private static T[] KeptOf<T>(ReadOnlySpan<T> all, TokenRow row)
    {
        T[] kept = new T[row.KeptCount];
        for (int i = 0; i < kept.Length; i++) kept[i] = all[row.Kept[i]];
        return kept;
    }
}
