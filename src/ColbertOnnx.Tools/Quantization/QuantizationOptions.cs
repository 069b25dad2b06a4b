namespace ColbertOnnx.Quantization;

/// <summary>What is too small to gain anything: quantizing a row costs a few passes over it, whatever the matrix behind it saves.</summary>
internal readonly record struct QuantizationOptions()
{
    /// <summary>Smallest number of rows of a matrix, the width of what it is multiplied with.</summary>
    public int SmallestInput { get; init; } = 32;

    /// <summary>Smallest number of columns of a matrix.</summary>
    public int SmallestOutput { get; init; } = 16;

    /// <summary>Smallest number of rows of an embedding table.</summary>
    public int SmallestTable { get; init; } = 256;
}
