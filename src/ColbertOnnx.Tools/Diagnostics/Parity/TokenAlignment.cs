using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>
/// Which token vectors of two texts belong together, in order: the pairing with the largest sum of cosines, where those without a partner
/// cost little and each run of them a little more, so that few runs explain much. Looked for in a band around the diagonal that is as wide
/// as the counts differ and a little more.
/// </summary>
internal static class TokenAlignment
{
    private const float Unpaired = 0.15f, Begin = 0.2f;

    private const int Slack = 24;

    // Steps are bytes: a text of 8,192 token vectors beside a cut one of 180 would take 65 MB and seconds. Of what is so much longer the
    // beginning is enough.
    private const int MostRest = 512;
    private const long MostCells = 6_000_000;

    private const int Pair = 0, OnlyHere = 1, OnlyThere = 2, States = 3;

    /// <summary>
    /// For each token vector of <paramref name="here"/> its partner in <paramref name="there"/>, -1: none. Null where that would take too
    /// long.
    /// </summary>
    public static int[]? Align(ReadOnlySpan<float> here, ReadOnlySpan<float> there, int dimension)
    {
        float[] a = VectorMath.Normalized(here, dimension), b = VectorMath.Normalized(there, dimension);
        int all = a.Length / dimension, n = all, m = b.Length / dimension;
        if (Math.Abs(n - m) > MostRest) (n, m) = (Math.Min(n, m + MostRest), Math.Min(m, n + MostRest));
        int low = Math.Min(0, m - n) - Slack, high = Math.Max(0, m - n) + Slack, width = high - low + 1;
        if ((long)(n + 1) * width > MostCells) return null;

        // Two bits for each state: the state that it was reached from.
        byte[] steps = new byte[(n + 1) * width];
        float[] before = new float[width * States], now = new float[width * States];
        for (int i = 0; i <= n; i++)
        {
            now.AsSpan().Fill(float.NegativeInfinity);
            for (int k = 0; k < width; k++)
            {
                int j = i + low + k, cell = k * States, step = 0;
                if (j < 0 || j > m) continue;
                if (i == 0 && j == 0) now[cell] = 0;
                if (i > 0 && j > 0)
                    step |= Best(
                        before.AsSpan(cell, States), -1, out now[cell + Pair],
                        VectorMath.Dot(a.AsSpan((i - 1) * dimension, dimension), b.AsSpan((j - 1) * dimension, dimension)));
                if (i > 0 && k + 1 < width)
                    step |= Best(before.AsSpan(cell + States, States), OnlyHere, out now[cell + OnlyHere], Unpaired) << 2;
                if (j > 0 && k > 0) step |= Best(now.AsSpan(cell - States, States), OnlyThere, out now[cell + OnlyThere], Unpaired) << 4;
                steps[(i * width) + k] = (byte)step;
            }

            (before, now) = (now, before);
        }

        int last = Best(before.AsSpan((m - n - low) * States, States), -1, out _, 0);
        return Trace(steps, last, all, n, m, low, width);
    }

    /// <summary>The best state to come from; another one than <paramref name="run"/>, if that is one, begins a run.</summary>
    private static int Best(ReadOnlySpan<float> from, int run, out float score, float gain)
    {
        int best = 0;
        score = float.NegativeInfinity;
        for (int state = 0; state < States; state++)
        {
            float value = from[state] - (run >= 0 && state != run ? Begin : 0);
            if (value > score) (best, score) = (state, value);
        }

        score += gain;
        return best;
    }

    private static int[] Trace(byte[] steps, int state, int all, int n, int m, int low, int width)
    {
        int[] partners = new int[all];
        Array.Fill(partners, -1);
        for (int i = n, j = m; i > 0 || j > 0;)
        {
            int from = (steps[(i * width) + j - i - low] >> (state * 2)) & 3;
            if (state == Pair) partners[--i] = --j;
            else if (state == OnlyHere) i--;
            else j--;
            state = from;
        }

        return partners;
    }
}
