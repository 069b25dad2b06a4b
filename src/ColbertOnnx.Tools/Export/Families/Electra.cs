namespace ColbertOnnx.Export.Families;

/// <summary>
/// ELECTRA (Clark et al. 2020): BERT whose embeddings may be narrower than its hidden states, and are mapped to their width.
/// </summary>
internal sealed class Electra(CheckpointConfig config) : IArchitecture
{
    private readonly PostNormEncoder encoder = PostNormEncoder.Read(config);

    public int Width => encoder.Width;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("electra.");
        int narrow = config.Count("embedding_size", 128);
        string x = encoder.Embed(graph, inputs, inputs.FlatPositions(), config.Integer("type_vocab_size", 2), width: narrow);
        if (narrow != Width) x = graph.Linear(x, "embeddings_project", narrow, Width);
        return encoder.Encode(graph, inputs, x, inputs.Padding);
    }
}
