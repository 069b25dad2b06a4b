namespace ColbertOnnx.Export.Families;

/// <summary>
/// ELECTRA (Clark et al. 2020): BERT whose embeddings may be narrower than its hidden states, and are mapped to the hidden size.
/// </summary>
internal sealed class Electra(CheckpointConfig config) : IArchitecture
{
    private readonly PostNormEncoder encoder = PostNormEncoder.Read(config);

    public int HiddenSize => encoder.HiddenSize;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("electra.");
        int embeddingSize = config.Count("embedding_size", 128);
        string x = encoder.Embed(graph, inputs, inputs.FlatPositions(), config.Integer("type_vocab_size", 2), size: embeddingSize);
        if (embeddingSize != HiddenSize) x = graph.Linear(x, "embeddings_project", embeddingSize, HiddenSize);
        return encoder.Encode(graph, inputs, x, inputs.Padding);
    }
}
