namespace ColbertOnnx.Quantization;

/// <summary>Activations as bytes with a scale for each row.</summary>
/// <param name="Bytes">u8 [rows, columns].</param>
/// <param name="Scales">float [rows, 1].</param>
/// <param name="Range">Has the zero point.</param>
/// <param name="LeadingDimensions">The value's dimensions but the last, as a list; null when its rank is 2.</param>
internal sealed record QuantizedActivations(string Bytes, string Scales, ValueRange Range, string? LeadingDimensions);
