namespace ColbertOnnx.Export;

/// <summary>A family of encoders: its configuration's and tensors' names to its graph.</summary>
internal interface IArchitecture
{
    /// <summary>Hidden size.</summary>
    int Width { get; }

    /// <summary>Last hidden states, [tokens, Width].</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.WeightsInvalid"/>: a tensor is missing or has another
    /// shape.</exception>
    string Build(GraphBuilder graph, TokenInputs inputs);
}
