namespace ColbertOnnx.Export;

/// <summary>A family of encoders: its configuration's and tensors' names to its graph.</summary>
internal interface IArchitecture
{
    int HiddenSize { get; }

    /// <summary>Last hidden states, [tokens, hidden size].</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.WeightsInvalid"/>: a tensor is missing or has another
    /// shape.</exception>
    string Build(GraphBuilder graph, TokenInputs inputs);
}
