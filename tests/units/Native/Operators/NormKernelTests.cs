using ColbertOnnx.Native.Operators;

namespace ColbertOnnx.Tests.Native.Operators;

/// <summary>
/// The norm of a row and its bytes at each width of vectors, against double precision; against the library's operators: KernelGraphTests.
/// </summary>
public sealed class NormKernelTests
{
    private const float Epsilon = 1e-5f;

    private static readonly int[] Lengths = [.. Enumerable.Range(1, 140), 384, 768, 1000, 8191, 8192];

    public static TheoryData<int, bool> Widths
    {
        get
        {
            var widths = new TheoryData<int, bool>();
            foreach (int width in (int[])[512, 256, 128])
                foreach (bool ownZeroPoint in (bool[])[false, true]) widths.Add(width, ownZeroPoint);
            return widths;
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_norm_is_near_the_exact_one_and_its_bytes_are_those_of_its_values(int width, bool ownZeroPoint)
    {
        SimdWidths.Require(width);
        var random = new Random(31);
        foreach (int length in Lengths)
        {
            float[] row = Row(random, length), weight = Row(random, length), bias = Row(random, length), norm = new float[length];
            byte[] bytes = new byte[length];
            RowScale scale = SimdWidths.Norm(width, row, weight, bias, How(ownZeroPoint), norm, bytes);
            double mean = row.Average(value => (double)value), variance = row.Average(value => (value - mean) * (value - mean)),
                factor = 1 / Math.Sqrt(variance + Epsilon);
            for (int i = 0; i < length; i++) Assert.Equal(((row[i] - mean) * factor * weight[i]) + bias[i], norm[i], 2e-5);
            ExactRows.AssertBytes(norm, scale.Scale, scale.ZeroPoint, bytes);
            if (ownZeroPoint) Assert.Equal(RowScale.Of(Math.Min(norm.Min(), 0), Math.Max(norm.Max(), 0)), scale);
            else Assert.Equal(new RowScale(norm.Max(Math.Abs) * (1f / 127), 128), scale);

            // In place.
            byte[] again = new byte[length];
            Assert.Equal(scale, SimdWidths.Norm(width, row, weight, bias, How(ownZeroPoint), row, again));
            Assert.Equal(norm, row);
            Assert.Equal(bytes, again);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Numbers_far_from_zero_keep_their_variance(int width, bool ownZeroPoint)
    {
        SimdWidths.Require(width);
        float[] row = [.. Enumerable.Range(0, 384).Select(i => 4096f + (i % 2))], norm = new float[384];
        SimdWidths.Norm(width, row, [.. Enumerable.Repeat(1f, 384)], new float[384], How(ownZeroPoint), norm, new byte[384]);
        for (int i = 0; i < norm.Length; i++) Assert.Equal(i % 2 == 0 ? -1 : 1, norm[i], 1e-3);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_row_with_NaN_or_infinity_becomes_all_NaN_wherever_it_stands(int width, bool ownZeroPoint)
    {
        SimdWidths.Require(width);
        foreach (int length in (int[])[1, 5, 63, 100])
        {
            for (int at = 0; at < length; at++)
            {
                foreach (float value in (float[])
                [
                    float.NaN, BitConverter.Int32BitsToSingle(0x7FC00000), float.PositiveInfinity, float.NegativeInfinity,
                ])
                {
                    float[] row = Row(new Random(at), length), norm = new float[length], ones = [.. Enumerable.Repeat(1f, length)];
                    row[at] = value;
                    Assert.Equal(
                        float.NaN, SimdWidths.Norm(width, row, ones, new float[length], How(ownZeroPoint), norm, new byte[length]).Scale);
                    Assert.All(norm, number => Assert.Equal(float.NaN, number));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Of_a_row_of_zeros_the_bias_is_left(int width, bool ownZeroPoint)
    {
        SimdWidths.Require(width);
        foreach (int length in (int[])[1, 7, 64, 100])
        {
            float[] norm = new float[length], bias = Row(new Random(4), length), weight = Row(new Random(5), length);
            SimdWidths.Norm(width, new float[length], weight, bias, How(ownZeroPoint), norm, new byte[length]);
            Assert.Equal(bias, norm);
            byte[] bytes = new byte[length];
            RowScale scale = SimdWidths.Norm(width, new float[length], weight, new float[length], How(ownZeroPoint), norm, bytes);
            Assert.Equal(0, scale.Scale);
            Assert.All(bytes, value => Assert.Equal(scale.ZeroPoint, value));
        }
    }

    private static NormSettings How(bool ownZeroPoint) => new(new RowQuantization(true, 1f / 127, 0, 128, ownZeroPoint), Epsilon, true);

    private static float[] Row(Random random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() - 0.4) * 3)];
}
