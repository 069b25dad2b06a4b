using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Export;

/// <summary>Runs two graphs of a model on the same texts and compares the token vectors that come back.</summary>
internal sealed class ModelVerifier(ResolvedSettings resolved, CancellationToken cancellation)
{
    private readonly InputBuilder encoder = new(resolved);
    private readonly Dictionary<(string Graph, bool Optimize), List<float[][]>> known = [];

    /// <summary>
    /// A graph against itself with ONNX Runtime's optimizer switched off: whatever the optimizer makes of it, it must stay the same.
    /// </summary>
    public ColbertVerification WithoutOptimizer(string graph) => Compare(Rows(graph, optimize: false), Rows(graph));

    /// <summary>A graph against another one of the same model.</summary>
    public ColbertVerification Against(string reference, string graph) => Compare(Rows(reference), Rows(graph));

    /// <summary>
    /// The kept token vectors of every text, computed once for a graph. The session is closed again: two open models are twice the memory.
    /// </summary>
    private List<float[][]> Rows(string graph, bool optimize = true)
    {
        if (known.TryGetValue((graph, optimize), out List<float[][]>? rows)) return rows;
        using OrtEncoderSession session = OrtEncoderSession.Open(graph, new EncoderSessionOptions { Optimize = optimize });
        return known[(graph, optimize)] =
        [
            .. VerificationTexts.Queries.Select(text => Rows(session, text, TextKind.Query)),
            .. VerificationTexts.Documents.Select(text => Rows(session, text, TextKind.Document)),
        ];
    }

    private float[][] Rows(OrtEncoderSession session, string text, TextKind kind)
    {
        var input = new ModelInput();
        encoder.Build(text, kind, withOffsets: false, input, cancellation: cancellation);
        float[] output = new float[input.Count * session.Dimension];
        if (input.Count > 0) session.Run(1, input.Count, input.Ids, input.AttentionMask, output, cancellation);
        return [.. input.Kept.ToArray().Select(kept => output[(kept * session.Dimension)..((kept + 1) * session.Dimension)])];
    }

    internal static ColbertVerification Compare(List<float[][]> expected, List<float[][]> actual)
    {
        double sum = 0, smallest = 1, largest = 0;
        int tokens = 0;
        foreach ((float[][] left, float[][] right) in expected.Zip(actual))
        {
            foreach ((float[] one, float[] other) in left.Zip(right))
            {
                (double cosine, double difference) = (VectorMath.Cosine(one, other), VectorMath.LargestDifference(one, other));
                // NaN is near to nothing, and zeros to no other vector.
                if (double.IsNaN(cosine) || (VectorMath.Length(one) == 0) != (VectorMath.Length(other) == 0))
                    (cosine, difference) = (-1, double.PositiveInfinity);
                sum += cosine;
                smallest = Math.Min(smallest, cosine);
                largest = Math.Max(largest, difference);
                tokens++;
            }
        }

        // A model may keep no token vector of these texts: then nothing differs.
        return new ColbertVerification(expected.Count, tokens, tokens == 0 ? 1 : sum / tokens, smallest, largest);
    }
}
