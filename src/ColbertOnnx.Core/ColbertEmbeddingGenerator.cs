using Microsoft.Extensions.AI;

namespace ColbertOnnx;

/// <summary>A model as an embedding generator of Microsoft.Extensions.AI, for one kind of text. The model stays its owner's.</summary>
internal sealed class ColbertEmbeddingGenerator(ColbertModel model, TextKind kind) : IEmbeddingGenerator<string, ColbertEmbedding>
{
    private readonly EmbeddingGeneratorMetadata metadata = new(
        "colbert", defaultModelId: model.Name, defaultModelDimensions: model.Dimension);

    public async Task<GeneratedEmbeddings<ColbertEmbedding>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimension && dimension != model.Dimension)
            throw Refused(
                FormattableString.Invariant(
                    $"{dimension} dimensions were asked for, and the model '{model.Name}' gives {model.Dimension}."));
        if (options?.ModelId is { } name && name != model.Name)
            throw Refused($"The model '{name}' was asked for, and this one is '{model.Name}'.");
        GeneratedEmbeddings<ColbertEmbedding> embeddings = [];
        IAsyncEnumerable<ColbertEmbedding> all = kind == TextKind.Query
            ? model.EncodeQueriesAsync(values, cancellation: cancellationToken)
            : model.EncodeDocumentsAsync(values, cancellation: cancellationToken);
        await foreach (ColbertEmbedding embedding in all.ConfigureAwait(false)) embeddings.Add(embedding);
        return embeddings;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return metadata;
        return serviceType.IsInstanceOfType(model) ? model : serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
    }

    private ColbertException Refused(string message) =>
        new(ColbertErrorId.InputInvalid, message, model.Name, "Leave the option out, or open the model that has it.");
}
