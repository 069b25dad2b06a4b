namespace ColbertOnnx.Export.Families;

/// <summary>
/// RoBERTa (Liu et al. 2019) and XLM-RoBERTa (Conneau et al. 2019): BERT whose positions are counted from the id of the padding token on.
/// </summary>
internal sealed class Roberta(CheckpointConfig config) : IArchitecture
{
    private readonly PostNormEncoder encoder = PostNormEncoder.Read(config);

    public int HiddenSize => encoder.HiddenSize;

    public string Build(GraphBuilder graph, TokenInputs inputs)
    {
        graph.Weights.Below("roberta.");
        int padding = config.Integer("pad_token_id", 1);
        string x = encoder.Embed(
            graph, inputs, inputs.CountedPositions(padding), config.Integer("type_vocab_size", 2), unused: padding + 1L);
        return encoder.Encode(graph, inputs, x, inputs.Padding);
    }
}
