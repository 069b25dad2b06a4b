namespace ColbertOnnx.Pipeline;

/// <summary>From the rows of the graph's output to the result that the caller keeps. One for each lane: pooling has scratch.</summary>
internal sealed class EmbeddingBuilder(int dimension, IRowEncoder rows, LaneSettings settings)
{
    private readonly TokenPooling pooling = new();
    private float[] selected = [];
    private float[] pooled = [];

    public ColbertEmbedding Build(EncodeSlot slot, ReadOnlySpan<float> output, EncodeOptions options, CancellationToken cancellation = default)
    {
        TokenRow row = slot.Row!;
        double factor = options.PoolFactor ?? settings.PoolFactor;
        bool pools = factor > 1 && settings.PoolTasks.Contains(options.Kind);
        int[]? ids = options.IncludeTokens && !pools ? KeptOf(row.Ids, row) : null;
        return new ColbertEmbedding(options.Kind, slot.Input.Text, pools ? Pool(row, output, factor, options.ProtectedTokens ?? settings.ProtectedTokens, cancellation) : Select(row, output), dimension)
        {
            Id = slot.Input.Id,
            Source = slot.Input.Source,
            ModelId = settings.Name,
            IsTruncated = row.IsTruncated,
            Prompt = options.Prompt,
            TokenIds = ids,
            Tokens = ids is null ? null : Array.ConvertAll(ids, rows.TokenOf),
            TokenOffsets = ids is null ? null : KeptOf(row.Offsets, row),
        };
    }

    private float[] Select(TokenRow row, ReadOnlySpan<float> output)
    {
        float[] values = GC.AllocateUninitializedArray<float>(row.KeptCount * dimension);
        RowSelection.Gather(output, row.Kept, dimension, values, settings.Normalize);
        return values;
    }

    private float[] Pool(TokenRow row, ReadOnlySpan<float> output, double factor, int leading, CancellationToken cancellation)
    {
        int numbers = row.KeptCount * dimension;
        if (selected.Length < numbers)
        {
            selected = new float[numbers];
            pooled = new float[numbers];
        }

        RowSelection.Gather(output, row.Kept, dimension, selected, settings.Normalize);
        int count = pooling.Pool(selected.AsSpan(0, numbers), dimension, factor, leading, pooled, cancellation);
        if (settings.NormalizePooled)
            for (int i = 0; i < count; i++) RowSelection.Normalize(pooled.AsSpan(i * dimension, dimension));
        return pooled.AsSpan(0, count * dimension).ToArray();
    }

    private static T[] KeptOf<T>(ReadOnlySpan<T> all, TokenRow row)
    {
        T[] kept = new T[row.KeptCount];
        for (int i = 0; i < kept.Length; i++) kept[i] = all[row.Kept[i]];
        return kept;
    }
}
