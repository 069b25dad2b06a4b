using System.Globalization;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>
/// Says in a user's words why the token vectors of a text are not the reference's. For the caller's thread: it has a tokenizer's scratch.
/// </summary>
internal sealed class TextDiagnosis(ResolvedSettings resolved, IReference reference)
{
    // Below this a text is aligned though the counts are equal: a token vector less at one place and one more at another. Above it pooling
    // explains them.
    private const double Shifted = 0.9;

    private const double UnitTolerance = 0.01;

    private readonly InputBuilder encoder = new(resolved);
    private readonly TokenPooling pooling = new();

    private double PoolFactor => resolved.Settings.PoolFactor.Value;

    /// <summary>The comparison one by one where the counts are equal, otherwise of those that belong together, and why.</summary>
    public (TextComparison Comparison, TextFindings Findings) Explain(ColbertEmbedding here, ReferenceText there, TextComparison? rowByRow)
    {
        var findings = new TextFindings();
        int n = here.TokenCount, m = there.Rows;
        if (rowByRow is { } same && same.SmallestCosine > Shifted)
        {
            NameLengths(there, findings);
            if (findings.IsEmpty) findings.Add(ColbertParityCause.OtherNumbers, "the same tokens, other values");
            return (same, findings);
        }

        if (IsUnpooled(n, there))
        {
            findings.Add(
                ColbertParityCause.NotPooled,
                $"this model pools (pool_factor {PoolFactor}: {ShownText.Count(n, "token vector")} of {m}), and the reference does not");
            return (Nothing(here), findings);
        }

        int[]? partners = n == 0 || m == 0 ? null : TokenAlignment.Align(here.Values.Span, there.Values.Span, here.Dimension);
        TextComparison aligned = partners is null
            ? rowByRow ?? Nothing(here)
            : TextComparison.Of(here.Values.Span, there.Values.Span, here.Dimension, partners);
        if (ExplainPooling(here, there, partners is null ? 0 : aligned.MeanCosine, findings) is { } pooled) return (pooled, findings);
        NameLengths(there, findings);
        if (partners is null)
        {
            findings.Add(ColbertParityCause.OtherRows, $"{ShownText.Count(n, "token vector")} here and {m} in the reference");
            return (aligned, findings);
        }

        if (rowByRow is { } direct && (Array.TrueForAll(partners, p => p >= 0) || aligned.MeanCosine < direct.MeanCosine + 0.05))
        {
            if (findings.IsEmpty) findings.Add(ColbertParityCause.OtherNumbers, "the same number of token vectors, other values");
            return (direct, findings);
        }

        TextLayout layout = TextLayout.Of(resolved, encoder, there.Text, there.Kind);
        if (layout.Rows == n) new GapNaming(resolved, there.Kind, layout, partners, m, findings).Name();
        else
            findings.Add(
                ColbertParityCause.OtherRows, $"{ShownText.Count(n, "token vector")} here (pooled) and {m} in the reference");
        return (aligned, findings);
    }

    private static TextComparison Nothing(ColbertEmbedding here) => TextComparison.Of(here.Values.Span, [], here.Dimension, []);

    private static void NameLengths(ReferenceText there, TextFindings findings)
    {
        double length = there.Rows == 0
            ? 1
            : Enumerable.Range(0, there.Rows)
                .Average(row => VectorMath.Length(there.Values.Span.Slice(row * there.Dimension, there.Dimension)));
        if (Math.Abs(length - 1) > UnitTolerance)
            findings.Add(
                ColbertParityCause.NotNormalized,
                FormattableString.Invariant($"the reference's token vectors are not unit vectors (mean length {length:0.###})"));
    }

    private bool IsUnpooled(int rows, ReferenceText there) =>
        PoolFactor > 1 && resolved.Settings.PoolTasks.Value.Contains(there.Kind) && there.Rows > rows
            && TextLayout.Of(resolved, encoder, there.Text, there.Kind).Rows == there.Rows;

    /// <summary>Pooled token vectors are means of others: nothing to align. Whether a factor explains them is found by pooling.</summary>
    private TextComparison? ExplainPooling(ColbertEmbedding here, ReferenceText there, double aligned, TextFindings findings)
    {
        int n = here.TokenCount, m = there.Rows;
        if (m >= n || m == 0 || PoolFactor > 1) return null;
        (TextComparison? best, double factor, int spared) = BestPooling(here, there);
        if (best is null || best.MeanCosine < Shifted || best.MeanCosine < aligned) return null;
        findings.Add(
            ColbertParityCause.Pooled,
            string.Create(
                CultureInfo.InvariantCulture,
                $"the reference is pooled: {ShownText.Count(n, "token vector")} became {m} (pool_factor {factor}, {spared} protected; "
                    + $"the cosines are those of token vectors that were pooled so)"));
        return best with { WorstRow = -1 };
    }

    // What the reference says, if that explains it; else what is commonly asked for.
    private (TextComparison? Comparison, double Factor, int Protected) BestPooling(ColbertEmbedding here, ReferenceText there)
    {
        (TextComparison? Comparison, double Factor, int Protected) best = default;
        var common = from factor in Enumerable.Range(2, 15) from spared in Enumerable.Range(0, 3) select ((double)factor, spared);
        if (ReferenceSettings.PoolingOf(reference.Settings) is { } said)
        {
            Try(said.Factor, said.Protected);
            if (best.Comparison?.MeanCosine >= Shifted) return best;
        }

        foreach (var (factor, spared) in common) Try(factor, spared);
        return best;

        void Try(double factor, int spared)
        {
            if (TokenPooling.LargestCount(here.TokenCount, factor, spared) != there.Rows) return;
            float[] pooled = new float[there.Values.Length];
            if (pooling.Pool(here.Values.Span, here.Dimension, factor, spared, pooled) != there.Rows) return;
            TextComparison comparison = TextComparison.Of(pooled, there.Values.Span, here.Dimension, null);
            if (best.Comparison is null || comparison.MeanCosine > best.Comparison.MeanCosine) best = (comparison, factor, spared);
        }
    }
}
