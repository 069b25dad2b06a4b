using System.Globalization;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Export;

/// <summary>
/// Rotary embedding, RoPE (Su et al. 2021): pair i of a head's elements, [i] and [i + headSize / 2], is rotated by position · theta^(-2i /
/// headSize).
/// </summary>
internal sealed class Rotary
{
    private readonly GraphBuilder graph;
    private readonly string start, cosines, sines;

    /// <param name="graph">Where it is built.</param>
    /// <param name="headSize">Head size; all of it is rotated.</param>
    /// <param name="theta">The base of the frequencies.</param>
    /// <param name="positions">Tables are computed for this many, and where they can be as large for the longest sequence of the
    /// settings; ONNX Runtime refuses a longer text.</param>
    public Rotary(GraphBuilder graph, int headSize, double theta, int positions)
    {
        this.graph = graph;
        long row = headSize / 2L * sizeof(float), most = Limits.LargestPositionTable / Math.Max(1, row);
        if (graph.LongestSequence <= Math.Min(most, Limits.MostPositions)) positions = Math.Max(positions, graph.LongestSequence);
        if (positions > most)
            throw graph.Weights.Invalid(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {positions} positions for heads of {headSize} elements, whose table would have {positions * row} bytes, more "
                        + $"than {Limits.LargestPositionTable} (the limit LargestPositionTable)"));
        graph.LimitSequences(positions);
        start = graph.Constant(0);
        cosines = Table("cos", Math.Cos);
        sines = Table("sin", Math.Sin);

        string Table(string name, Func<double, double> function) => graph.Add(
            FormattableString.Invariant($"rotary.{theta:R}.{name}"),
            OnnxElementType.Float,
            [positions, headSize / 2],
            new ComputedTensorData(positions * (headSize / 2L) * sizeof(float), () => Tabulate(headSize, theta, positions, function)));
    }

    /// <summary>
    /// On [batch, length, heads x headSize]. ONNX Runtime's own operator counts positions itself; the standard's wants them written out.
    /// </summary>
    public string Apply(string x, int heads) =>
        graph.Node("RotaryEmbedding", OnnxNames.Microsoft, [x, start, cosines, sines], ("num_heads", heads));

    // Frequencies and angles are rounded to float32, as PyTorch's are: at position 8000 the rounding of an angle is larger than all else.
    private static float[] Tabulate(int headSize, double theta, int positions, Func<double, double> function)
    {
        int half = headSize / 2;
        float[] table = new float[positions * half];
        for (int i = 0; i < half; i++)
        {
            float frequency = 1 / (float)Math.Pow(theta, (float)(2 * i) / headSize);
            for (int p = 0; p < positions; p++) table[(p * half) + i] = (float)function(p * frequency);
        }

        return table;
    }
}
