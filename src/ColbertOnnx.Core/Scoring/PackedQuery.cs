namespace ColbertOnnx.Scoring;

/// <summary>A query laid out once for any number of documents. Immutable: threads share it.</summary>
internal sealed class PackedQuery
{
    private readonly float[] panels;
    private readonly int bits;

    /// <param name="bits">Width of the vectors; those of this CPU unless a test wants others.</param>
    public PackedQuery(ReadOnlySpan<float> rows, int dimension, int? bits = null)
    {
        this.bits = bits ?? Panels.Bits;
        Dimension = dimension;
        Rows = rows.Length / dimension;
        panels = new float[Panels.Size(Rows, dimension, this.bits)];
        Panels.Pack(rows, dimension, this.bits, panels);
    }

    public int Rows { get; }

    public int Dimension { get; }

    public float Score(ReadOnlySpan<float> document) => Match(document, [], []);

    /// <inheritdoc cref="MaxSim.Match"/>
    public float Match(ReadOnlySpan<float> document, Span<int> bestRows, Span<float> bestDots) =>
        Panels.Run(panels, Rows, Dimension, bits, document, bestRows, bestDots);
}
