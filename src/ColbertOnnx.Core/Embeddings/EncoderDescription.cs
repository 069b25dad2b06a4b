namespace ColbertOnnx.Embeddings;

/// <summary>What computed embeddings, as a file of them says it.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Dimension">Of a token vector.</param>
/// <param name="Settings">How texts were encoded, as JSON.</param>
internal sealed record EncoderDescription(string Model, int Dimension, string Settings);
