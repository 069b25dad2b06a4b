using System.Numerics;
using System.Runtime.InteropServices;

namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>Rows beside rows. Sums in double where they are reported, in float32 where they only guide the alignment.</summary>
internal static class VectorMath
{
    /// <summary>Two rows of zeros are the same; a row of zeros has nothing in common with any other.</summary>
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

    public static double LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            float difference = MathF.Abs(a[i] - b[i]);
            // What is not a number is never small.
            if (!(difference <= largest)) largest = float.IsNaN(difference) ? float.PositiveInfinity : difference;
        }

        return largest;
    }

    public static double Length(ReadOnlySpan<float> row)
    {
        double sum = 0;
        foreach (float value in row) sum += (double)value * value;
        return Math.Sqrt(sum);
    }

    /// <summary>Unit rows in float32.</summary>
    public static float[] Normalized(ReadOnlySpan<float> values, int dimension)
    {
        float[] rows = values.ToArray();
        for (int i = 0; i < rows.Length; i += dimension) Pipeline.TokenVectors.Normalize(rows.AsSpan(i, dimension));
        return rows;
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
