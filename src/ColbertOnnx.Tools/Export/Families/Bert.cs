namespace ColbertOnnx.Export.Families;

/// <summary>
/// BERT (Devlin et al. 2018): word, token type and learned position embeddings; layers of attention and of two linear maps, each followed
/// by residual and norm.
/// </summary>
internal sealed class Bert(CheckpointConfig config) : IArchitecture
{
    private readonly PostNormEncoder encoder = PostNormEncoder.Read(config);

    public int HiddenSize => encoder.HiddenSize;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("bert.");
        string x = encoder.Embed(graph, inputs, inputs.FlatPositions(), config.Integer("type_vocab_size", 2));
        return encoder.Encode(graph, inputs, x, inputs.Padding);
    }
}
