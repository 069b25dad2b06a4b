namespace ColbertOnnx.Quantization;

/// <summary>A value as bytes with a step for each row.</summary>
/// <param name="Bytes">u8 [rows, width].</param>
/// <param name="Steps">float [rows, 1].</param>
/// <param name="Range">Where its zero is.</param>
/// <param name="Sides">The value's sides but the last, as a list; null when it has two sides itself.</param>
internal sealed record QuantizedRows(string Bytes, string Steps, ValueRange Range, string? Sides);
