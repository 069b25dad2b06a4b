namespace ColbertOnnx.Pipeline;

/// <summary>A text on its way into the pipeline, with what the caller wants back on the result.</summary>
internal readonly record struct EncodeRequest(string Text, string? Id = null, object? Source = null);
