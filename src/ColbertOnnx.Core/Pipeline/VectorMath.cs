using System.Numerics;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Pipeline;

/// <summary>Vectors beside vectors. Sums in double where they are reported, in float32 where many are only compared.</summary>
internal static class VectorMath
{
    /// <summary>
    /// Two vectors of zeros are the same; one of zeros has nothing in common with any other, not even with NaN. Otherwise NaN where an
    /// element is.
    /// </summary>
    public static double Cosine(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.Length; i++)
        {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }

        if (aa == 0 || bb == 0) return aa == bb ? 1 : 0;
        return Math.Clamp(dot / Math.Sqrt(aa * bb), -1, 1);
    }

    /// <summary>Infinity where an element is NaN.</summary>
    public static double LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            float difference = MathF.Abs(a[i] - b[i]);
            // NaN is never small.
            if (!(difference <= largest)) largest = float.IsNaN(difference) ? float.PositiveInfinity : difference;
        }

        return largest;
    }

    public static double Length(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (float value in vector) sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    /// <summary>Unit vectors in float32.</summary>
    public static float[] Normalized(ReadOnlySpan<float> values, int dimension)
    {
        float[] vectors = values.ToArray();
        for (int i = 0; i < vectors.Length; i += dimension) TokenVectors.Normalize(vectors.AsSpan(i, dimension));
        return vectors;
    }

    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ReadOnlySpan<Vector<float>> x = MemoryMarshal.Cast<float, Vector<float>>(a), y = MemoryMarshal.Cast<float, Vector<float>>(b);
        Vector<float> sums = Vector<float>.Zero;
        for (int i = 0; i < x.Length; i++) sums += x[i] * y[i];
        float sum = Vector.Sum(sums);
        for (int i = x.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}
