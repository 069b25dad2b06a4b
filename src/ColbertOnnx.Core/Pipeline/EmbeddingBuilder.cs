namespace ColbertOnnx.Pipeline;

/// <summary>From the token vectors of a text to the result that the caller keeps. One for each lane: pooling has scratch.</summary>
internal sealed class EmbeddingBuilder(int dimension, IInputBuilder inputs, LaneSettings settings)
{
    private readonly TokenPooling pooling = new();
    private float[] selected = [];
    private float[] pooled = [];

    public ColbertEmbedding Build(
        EncodeSlot slot, ReadOnlySpan<float> output, EncodeOptions options, CancellationToken cancellation = default)
    {
        ModelInput input = slot.ModelInput!;
        double factor = options.PoolFactor ?? settings.PoolFactor;
        bool pools = factor > 1 && settings.PoolTasks.Contains(options.Kind);
        int[]? ids = options.IncludeTokens && !pools ? KeptOf(input.Ids, input) : null;
        return new ColbertEmbedding(
            options.Kind, slot.Input.Text,
            pools ? Pool(input, output, factor, options.ProtectedTokens ?? settings.ProtectedTokens, cancellation) : Select(input, output),
            dimension)
        {
            Id = slot.Input.Id,
            Source = slot.Input.Source,
            ModelId = settings.Name,
            IsTruncated = input.IsTruncated,
            Prompt = options.Prompt,
            TokenIds = ids,
            Tokens = ids is null ? null : Array.ConvertAll(ids, inputs.TokenOf),
            TokenOffsets = ids is null ? null : KeptOf(input.Offsets, input),
        };
    }

    private float[] Select(ModelInput input, ReadOnlySpan<float> output)
    {
        float[] values = GC.AllocateUninitializedArray<float>(input.KeptCount * dimension);
        TokenVectors.Gather(output, input.Kept, dimension, values, settings.Normalize);
        return values;
    }

    private float[] Pool(ModelInput input, ReadOnlySpan<float> output, double factor, int leading, CancellationToken cancellation)
    {
        int numbers = input.KeptCount * dimension;
        if (selected.Length < numbers)
        {
            selected = new float[numbers];
            pooled = new float[numbers];
        }

        TokenVectors.Gather(output, input.Kept, dimension, selected, settings.Normalize);
        int count = pooling.Pool(selected.AsSpan(0, numbers), dimension, factor, leading, pooled, cancellation);
        if (settings.NormalizePooled)
            for (int i = 0; i < count; i++) TokenVectors.Normalize(pooled.AsSpan(i * dimension, dimension));
        return pooled.AsSpan(0, count * dimension).ToArray();
    }

    private static T[] KeptOf<T>(ReadOnlySpan<T> all, ModelInput input)
    {
        T[] kept = new T[input.KeptCount];
        for (int i = 0; i < kept.Length; i++) kept[i] = all[input.Kept[i]];
        return kept;
    }
}
