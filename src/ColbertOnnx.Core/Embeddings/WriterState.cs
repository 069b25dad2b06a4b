namespace ColbertOnnx.Embeddings;

/// <summary>How far a writer is: with the lengths of its parts, all that it takes to go on.</summary>
internal sealed class WriterState
{
    /// <summary>The number that the next text of each kind has.</summary>
    public long[] Numbers { get; init; } = new long[Enum.GetValues<TextKind>().Length];

    public long Texts { get; set; }

    public long Rows { get; set; }

    /// <summary>That of the texts with rows; before the first of them what a text without says, or -1.</summary>
    public int Dimension { get; set; } = -1;
}
