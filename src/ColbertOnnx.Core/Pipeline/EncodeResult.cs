namespace ColbertOnnx.Pipeline;

/// <summary>What became of one request: an embedding, or the error that names the text. Results leave in the order of the requests.</summary>
internal readonly record struct EncodeResult(EncodeRequest Request, ColbertEmbedding? Embedding, ColbertException? Error);
