namespace ColbertOnnx.Pipeline;

/// <summary>From the token vectors of a text to the result that the caller keeps. One for each lane: pooling has scratch.</summary>
internal sealed class EmbeddingBuilder(int dimension, IInputBuilder inputs, string model)
{
    private readonly TokenPooling pooling = new();
    private float[] selected = [];
    private float[] pooled = [];

    public ColbertEmbedding Build(
        EncodeSlot slot, ReadOnlySpan<float> output, EncodeOptions options, CancellationToken cancellation = default)
    {
        ModelInput input = slot.ModelInput!;
        bool pools = options.PoolFactor > 1;
        int[]? ids = options.IncludeTokens && !pools ? KeptOf(input.Ids, input) : null;
        return new ColbertEmbedding(
            options.Kind, slot.Input.Text,
            pools ? Pool(input, output, options, cancellation) : Select(input, output, options.Normalize),
            dimension)
        {
            Id = slot.Input.Id,
            Source = slot.Input.Source,
            ModelId = model,
            IsTruncated = input.IsTruncated,
            Prompt = options.Prompt,
            TokenIds = ids,
            Tokens = ids is null ? null : Array.ConvertAll(ids, inputs.TokenOf),
            TokenOffsets = ids is null ? null : KeptOf(input.Offsets, input),
        };
    }

    private float[] Select(ModelInput input, ReadOnlySpan<float> output, bool normalize)
    {
        float[] values = GC.AllocateUninitializedArray<float>(input.KeptCount * dimension);
        TokenVectors.Gather(output, input.Kept, dimension, values, normalize);
        return values;
    }

    private float[] Pool(ModelInput input, ReadOnlySpan<float> output, EncodeOptions options, CancellationToken cancellation)
    {
        int values = input.KeptCount * dimension;
        if (selected.Length < values)
        {
            selected = new float[values];
            pooled = new float[values];
        }

        TokenVectors.Gather(output, input.Kept, dimension, selected, options.Normalize);
        int count = pooling.Pool(
            selected.AsSpan(0, values), dimension, options.PoolFactor, options.ProtectedTokens, pooled, cancellation);
        if (options.NormalizePooled)
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
