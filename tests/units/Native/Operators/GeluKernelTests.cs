using ColbertOnnx.Native.Operators;

namespace ColbertOnnx.Tests.Native.Operators;

/// <summary>
/// GELU and its bytes at each width of vectors, against double precision; against the library's operators: KernelGraphTests.
/// </summary>
public sealed class GeluKernelTests
{
    private const double Bound = 1.6e-4;

    private static readonly RowQuantization Asymmetric = new(false, 1f / 215, 0.1701f / 40, 40), Symmetric = new(true, 1f / 127, 0, 128);

    // All short ones, for every rest of a vector, and some up to the longest.
    private static readonly int[] Lengths = [.. Enumerable.Range(1, 140), 384, 1000, 1536, 8191, 8192];

    public static TheoryData<int> Widths => SimdWidths.All;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Gelu_is_near_the_exact_one_and_its_bytes_are_those_of_its_values(int width)
    {
        SimdWidths.Require(width);
        var random = new Random(3);
        foreach (int length in Lengths)
        {
            float[] row = ExactRows.Random(random, length), bias = ExactRows.Random(random, length), between = new float[length];
            byte[] bytes = new byte[length];
            float scale = SimdWidths.Gelu(width, row, 0.3f, bias, Asymmetric, between, bytes);
            for (int i = 0; i < Math.Min(length, 140); i++)
                Assert.Equal(ExactRows.Gelu((row[i] * 0.3) + bias[i]), between[i], Bound + (1e-6 * Math.Abs(between[i])));
            Assert.Equal(Asymmetric.ScaleOf(between.Max(Math.Abs)), scale);
            ExactRows.AssertBytes(between, scale, Asymmetric.ZeroPoint, bytes);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Gelu_is_near_the_exact_one_everywhere(int width)
    {
        SimdWidths.Require(width);
        float[] row = [.. Enumerable.Range(-1100, 2201).Select(i => i / 100f)], between = new float[row.Length];
        SimdWidths.Gelu(width, row, 1, new float[row.Length], Asymmetric, between, new byte[row.Length]);
        for (int i = 0; i < row.Length; i++) Assert.Equal(ExactRows.Gelu(row[i]), between[i], Bound);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_gate_is_gelu_of_the_one_times_the_other(int width)
    {
        SimdWidths.Require(width);
        var random = new Random(4);
        foreach (int length in Lengths)
        {
            float[] row = ExactRows.Random(random, length), bias = ExactRows.Random(random, length),
                other = ExactRows.Random(random, length), more = ExactRows.Random(random, length);
            float[] between = new float[length];
            byte[] bytes = new byte[length];
            float scale = SimdWidths.Gate(width, row, bias, other, more, 0.3f, Symmetric, between, bytes);
            for (int i = 0; i < Math.Min(length, 140); i++)
            {
                double factor = (other[i] * 0.3) + more[i];
                Assert.Equal(
                    ExactRows.Gelu((row[i] * 0.3) + bias[i]) * factor, between[i],
                    (Bound * Math.Abs(factor)) + (1e-5 * Math.Abs(between[i])) + 1e-5);
            }

            Assert.Equal(Symmetric.ScaleOf(between.Max(Math.Abs)), scale);
            ExactRows.AssertBytes(between, scale, Symmetric.ZeroPoint, bytes);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_row_with_NaN_has_NaN_as_its_scale_wherever_it_stands(int width)
    {
        SimdWidths.Require(width);
        foreach (int length in (int[])[1, 5, 63, 100])
        {
            for (int at = 0; at < length; at++)
            {
                // Of both signs: the CPU makes negative ones, and as whole numbers those are below all others.
                foreach (float nan in (float[])[float.NaN, BitConverter.Int32BitsToSingle(0x7FC00000)])
                {
                    float[] row = ExactRows.Random(new Random(at), length), sound = ExactRows.Random(new Random(1), length),
                        zeros = new float[length], between = new float[length];
                    byte[] bytes = new byte[length];
                    row[at] = nan;
                    Assert.Equal(float.NaN, SimdWidths.Gelu(width, row, 1, zeros, Asymmetric, between, bytes));
                    Assert.Equal(float.NaN, SimdWidths.Gate(width, row, zeros, sound, zeros, 1, Symmetric, between, bytes));
                    Assert.Equal(float.NaN, SimdWidths.Gate(width, sound, zeros, row, zeros, 1, Symmetric, between, bytes));
                    Assert.Equal(float.NaN, SimdWidths.Gelu(width, sound, nan, zeros, Asymmetric, between, bytes));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Infinity_stays_what_it_is_and_minus_infinity_becomes_zero(int width)
    {
        SimdWidths.Require(width);
        for (int at = 0; at < 100; at++)
        {
            float[] row = ExactRows.Random(new Random(at), 100), between = new float[100];
            row[at] = float.NegativeInfinity;
            float scale = SimdWidths.Gelu(width, row, 1, new float[100], Asymmetric, between, new byte[100]);
            Assert.Equal(0, between[at], Bound);
            Assert.True(float.IsFinite(scale));
            row[at] = float.PositiveInfinity;
            Assert.Equal(float.PositiveInfinity, SimdWidths.Gelu(width, row, 1, new float[100], Asymmetric, between, new byte[100]));
            Assert.Equal(float.PositiveInfinity, between[at]);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_row_of_zeros_becomes_the_zero_point(int width)
    {
        SimdWidths.Require(width);
        foreach (int length in (int[])[1, 7, 64, 100, 1536])
        {
            float[] zeros = new float[length], between = new float[length];
            byte[] bytes = new byte[length];
            Assert.Equal(Asymmetric.SmallestScale, SimdWidths.Gelu(width, zeros, 0, zeros, Asymmetric, between, bytes));
            Assert.All(bytes, value => Assert.Equal(Asymmetric.ZeroPoint, value));
            Assert.Equal(0, SimdWidths.Gate(width, zeros, zeros, zeros, zeros, 0, Symmetric, between, bytes));
            Assert.All(bytes, value => Assert.Equal(Symmetric.ZeroPoint, value));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Bytes_are_rounded_to_even_and_end_at_0_and_255(int width)
    {
        SimdWidths.Require(width);
        float[] row = [.. Enumerable.Range(0, 259).Select(i => i - 129.5f), 1e30f, -1e30f];
        byte[] bytes = new byte[row.Length];
        SimdWidths.Bytes(width, row, 1, 128, bytes);
        Assert.Equal(row.Select(value => (byte)Math.Clamp(Math.Round((double)value) + 128, 0, 255)).ToArray()[..^2], bytes[..^2]);
        SimdWidths.Bytes(width, row, 1e-42f, 41, bytes); // no reciprocal
        Assert.All(bytes, value => Assert.Equal(41, value));
    }
}
