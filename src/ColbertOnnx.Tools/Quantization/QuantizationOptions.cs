namespace ColbertOnnx.Quantization;

/// <summary>
/// What is too small to gain anything: quantizing activations costs a few passes over them, whatever the matrix behind them saves.
/// </summary>
internal readonly record struct QuantizationOptions()
{
    /// <summary>Smallest number of rows of a matrix, as many as a row of activations has elements.</summary>
    public int SmallestInput { get; init; } = 32;

    /// <summary>Smallest number of columns of a matrix.</summary>
    public int SmallestOutput { get; init; } = 16;

    /// <summary>Smallest number of rows of an embedding matrix.</summary>
    public int SmallestTable { get; init; } = 256;
}
