using ColbertOnnx.Native.Operators;
using ColbertOnnx.Runtime.Rows;

namespace ColbertOnnx.Tests.Native.Operators;

/// <summary>Rows with a zero point of their own, at each width of vectors.</summary>
public sealed class RangeKernelTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(1, 140), 384, 1000, 8191, 8192];

    public static TheoryData<int> Widths => SimdWidths.All;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Each_byte_is_that_of_its_value_over_the_range_of_the_row(int width)
    {
        SimdWidths.Require(width);
        var random = new Random(21);
        foreach (int length in Lengths)
        {
            float[] row = ExactRows.Random(random, length);
            if (length % 3 == 0) row = [.. row.Select(Math.Abs)];
            byte[] bytes = new byte[length];
            RowScale scale = SimdWidths.Range(width, row, bytes);
            float largest = Math.Max(row.Max(), 0), smallest = Math.Min(row.Min(), 0);
            Assert.Equal((largest - smallest) / 255, Math.Abs(scale.Scale), 1e-6f * Math.Abs(scale.Scale));
            Assert.InRange(scale.ZeroPoint, 0, 128);
            ExactRows.AssertBytes(row, scale.Scale, scale.ZeroPoint, bytes);
            Assert.Equal(scale.Scale * (128 - scale.ZeroPoint), scale.Shift);
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_larger_magnitude_of_a_row_is_above_its_zero_point(int width)
    {
        SimdWidths.Require(width);
        byte[] bytes = new byte[3];
        Assert.Equal((true, 51), Look(SimdWidths.Range(width, [-1, 4, 0], bytes)));
        Assert.Equal([0, 255, 51], bytes);
        Assert.Equal((false, 51), Look(SimdWidths.Range(width, [1, -4, 0], bytes)));
        Assert.Equal([0, 255, 51], bytes);

        static (bool, int) Look(RowScale scale) => (scale.Scale > 0, scale.ZeroPoint);
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
                foreach (float nan in (float[])[float.NaN, BitConverter.Int32BitsToSingle(0x7FC00000)])
                {
                    float[] row = ExactRows.Random(new Random(at), length);
                    row[at] = nan;
                    RowScale scale = SimdWidths.Range(width, row, new byte[length]);
                    Assert.Equal((float.NaN, float.NaN), (scale.Scale, scale.Shift));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Rows_of_zeros_and_of_the_largest_and_the_smallest_numbers_are_sound(int width)
    {
        SimdWidths.Require(width);
        foreach (int length in (int[])[1, 7, 64, 100])
        {
            byte[] bytes = new byte[length];
            RowScale scale = SimdWidths.Range(width, new float[length], bytes);
            Assert.Equal((0, 0), (scale.Scale, scale.Shift));
            Assert.All(bytes, value => Assert.Equal(scale.ZeroPoint, value));
        }

        float[] far = [float.MaxValue, -float.MaxValue, 0, float.Epsilon];
        byte[] four = new byte[4];
        ExactRows.AssertBytes(far, SimdWidths.Range(width, far, four).Scale, SimdWidths.Range(width, far, four).ZeroPoint, four);
        Assert.False(float.IsFinite(SimdWidths.Range(width, [1, float.NegativeInfinity], new byte[2]).Scale));
        Assert.False(float.IsFinite(SimdWidths.Range(width, [float.PositiveInfinity, 1], new byte[2]).Scale));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Products_of_such_bytes_are_those_of_the_row_itself(int width)
    {
        SimdWidths.Require(width);
        var random = new Random(22);
        foreach (int length in (int[])[1, 3, 16, 61, 384])
        {
            const int Columns = 50;
            float[] row = ExactRows.Random(random, length), bias = ExactRows.Random(random, Columns),
                other = ExactRows.Random(random, Columns);
            byte[] bytes = new byte[length], matrix = new byte[length * Columns];
            random.NextBytes(matrix);
            RowScale scale = SimdWidths.Range(width, row, bytes);
            float[] sums = [.. ColumnSums.Of(matrix, Columns).Select(sum => (float)sum)];
            float[] product =
            [
                .. Enumerable.Range(0, Columns)
                    .Select(column =>
                        (float)Enumerable.Range(0, length).Sum(i => (bytes[i] - 128) * (sbyte)matrix[(i * Columns) + column])),
            ];
            foreach (float[] more in (float[][])[other, new float[Columns]])
            {
                float[] result = new float[Columns];
                SimdWidths.Scale(width, product, scale.Scale, bias, scale.Shift, sums, more, result);
                float[] inPlace = [.. product];
                SimdWidths.Scale(width, inPlace, scale.Scale, bias, scale.Shift, sums, more, inPlace);
                Assert.Equal(result, inPlace);
                for (int column = 0; column < Columns; column++)
                {
                    double wanted = bias[column] + more[column];
                    for (int i = 0; i < length; i++)
                        wanted += (double)(bytes[i] - scale.ZeroPoint) * scale.Scale * (sbyte)matrix[(i * Columns) + column];
                    Assert.Equal(wanted, result[column], (1e-2 * length * Math.Abs(scale.Scale)) + (1e-5 * Math.Abs(wanted)));
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(700, 37)]
    [InlineData(2000, 3)]
    [InlineData(255, 384)]
    public void Sums_of_columns_are_exact(int rows, int columns)
    {
        byte[] matrix = new byte[rows * columns];
        new Random(23).NextBytes(matrix);
        if (rows == 2000) Array.Fill(matrix, (byte)0x80);
        int[] wanted =
        [
            .. Enumerable.Range(0, columns)
                .Select(column => Enumerable.Range(0, rows).Sum(row => (int)(sbyte)matrix[(row * columns) + column])),
        ];
        Assert.Equal(wanted, ColumnSums.Of(matrix, columns));
    }
}
