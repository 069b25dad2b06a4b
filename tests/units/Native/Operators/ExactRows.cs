namespace ColbertOnnx.Tests.Native.Operators;

/// <summary>What the kernels should give, in double precision.</summary>
internal static class ExactRows
{
    /// <summary>x Φ(x): Φ by its integral from 0, Simpson's rule.</summary>
    public static double Gelu(double x)
    {
        if (Math.Abs(x) > 9) return Math.Max(x, 0);
        const int Parts = 200;
        double sum = 0;
        for (int i = 0; i <= Parts; i++)
        {
            double t = x * i / Parts;
            sum += Math.Exp(-t * t / 2) * (i == 0 || i == Parts ? 1 : i % 2 == 1 ? 4 : 2);
        }

        return x * (0.5 + (sum * x / Parts / 3 / Math.Sqrt(2 * Math.PI)));
    }

    /// <summary>Of all sizes, with zeros of both signs.</summary>
    public static float[] Random(Random random, int length)
    {
        float[] row = [.. Enumerable.Range(0, length).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 3))))];
        if (length > 2) (row[random.Next(length)], row[random.Next(length)]) = (0f, -0f);
        return row;
    }

    /// <summary>Every byte is that of its number, or of a neighbour where the quotient is next to a half.</summary>
    public static void AssertBytes(float[] row, float scale, byte zero, byte[] bytes)
    {
        for (int i = 0; i < row.Length; i++)
        {
            double wanted = scale == 0 ? zero : Math.Clamp(((double)row[i] / scale) + zero, 0, 255);
            Assert.True(Math.Abs(bytes[i] - wanted) <= 0.5 + 1e-4, $"{row[i]} / {scale} is the byte {bytes[i]}, not {wanted}");
        }
    }
}
