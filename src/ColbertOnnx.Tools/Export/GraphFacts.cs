namespace ColbertOnnx.Export;

/// <summary>What onnx_config.json says about the graph beside it.</summary>
/// <param name="ModelName">The checkpoint as the user named it, without folders.</param>
/// <param name="ModelClass">The backbone's class in transformers, such as <c>BertModel</c>.</param>
/// <param name="Dimension">Dimension of each token vector.</param>
/// <param name="UsesTokenTypeIds">Whether token_type_ids is an input.</param>
/// <param name="Positions">Most tokens of a sequence; null: any number.</param>
internal sealed record GraphFacts(string ModelName, string ModelClass, int Dimension, bool UsesTokenTypeIds, int? Positions = null);
