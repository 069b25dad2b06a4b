using System.Numerics;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Embeddings;

internal static class FiniteValues
{
    /// <summary>Place of the first NaN or infinity; -1: there is none.</summary>
    public static int IndexOfNotFinite(this ReadOnlySpan<float> values)
    {
        if (AreFinite(values)) return -1;
        int place = 0;
        while (float.IsFinite(values[place])) place++;
        return place;
    }

    // x - x is 0, but NaN for NaN and for both infinities, and NaN stays in a sum.
    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        Vector<float> sum = Vector<float>.Zero;
        foreach (Vector<float> some in MemoryMarshal.Cast<float, Vector<float>>(values)) sum += some - some;
        float rest = Vector.Sum(sum);
        foreach (float value in values[(values.Length - (values.Length % Vector<float>.Count))..]) rest += value - value;
        return rest == 0;
    }
}
