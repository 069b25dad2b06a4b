using ColbertOnnx.Native.Operators;

namespace ColbertOnnx.Tests.Native.Operators;

/// <summary>
/// Rows of every length against the same arithmetic one number at a time; against the library's operators: RowFusionTests.
/// </summary>
public sealed class RowKernelsTests
{
    private static readonly RowQuantization Symmetric = new(true, 1f / 127, 0, 128), Asymmetric = new(false, 1f / 215, 0.0042525f, 40);

    public static TheoryData<bool> Symmetries => [true, false];

    [Theory]
    [MemberData(nameof(Symmetries))]
    public void Bytes_and_scales_are_those_of_one_number_at_a_time(bool symmetric)
    {
        RowQuantization how = symmetric ? Symmetric : Asymmetric;
        var random = new Random(11);
        for (int length = 1; length < 300; length++)
        {
            float[] row = ExactRows.Random(random, length);
            byte[] bytes = new byte[length];
            float scale = RowKernels.Quantize(row, how, bytes);
            Assert.Equal(Math.Max(row.Max(value => symmetric ? Math.Abs(value) : value) * how.Factor, how.SmallestScale), scale);
            byte[] expected =
            [
                .. row.Select(value => (byte)Math.Clamp((int)MathF.Round(value / scale, MidpointRounding.ToEven) + how.ZeroPoint, 0, 255)),
            ];
            Assert.Equal(expected, bytes);
        }
    }

    [Fact]
    public void Halves_are_rounded_to_even()
    {
        // The scale is 1: the largest magnitude is 127.
        float[] row = [.. Enumerable.Range(0, 64).Select(i => i - 32.5f), 127];
        byte[] bytes = new byte[row.Length];
        Assert.Equal(1f, RowKernels.Quantize(row, new RowQuantization(true, 1f / 127, 0, 128), bytes));
        Assert.Equal(row.Select(value => (byte)(MathF.Round(value, MidpointRounding.ToEven) + 128)), bytes);
        Assert.Contains((byte)(128 - 32), bytes); // -32.5
        Assert.Contains((byte)(128 - 30), bytes); // -30.5, and -29.5
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    public void A_row_of_zeros_has_the_scale_zero_and_what_it_is_scaled_to_is_zero(int length)
    {
        byte[] bytes = new byte[length];
        float scale = RowKernels.Quantize(new float[length], Symmetric, bytes);
        Assert.Equal(0, scale);
        float[] scaled = new float[length];
        RowKernels.Scale([.. bytes.Select(value => (float)value)], scale, [], [], scaled);
        Assert.All(scaled, value => Assert.Equal(0f, value));
    }

    [Theory]
    [MemberData(nameof(Symmetries))]
    public void A_row_with_NaN_has_NaN_as_its_scale(bool symmetric)
    {
        // Wherever it stands: finite rows made of it would look right.
        for (int at = 0; at < 100; at++)
        {
            float[] row = ExactRows.Random(new Random(at), 100);
            row[at] = float.NaN;
            Assert.Equal(float.NaN, RowKernels.Quantize(row, symmetric ? Symmetric : Asymmetric, new byte[100]));
        }
    }

    [Fact]
    public void Values_below_what_asymmetric_rows_hold_become_the_byte_zero()
    {
        float[] row = [.. Enumerable.Repeat(-5f, 70), 1];
        byte[] bytes = new byte[row.Length];
        RowKernels.Quantize(row, Asymmetric, bytes);
        Assert.Equal([.. Enumerable.Repeat((byte)0, 70), 255], bytes);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Scaled_rows_are_multiplied_then_added_to_each_with_a_rounding(bool biased, bool summed)
    {
        var random = new Random(12);
        for (int length = 1; length < 100; length++)
        {
            float[] row = ExactRows.Random(random, length), bias = biased ? ExactRows.Random(random, length) : [],
                other = summed ? ExactRows.Random(random, length) : [];
            float[] expected = [.. row.Select((value, i) => Sum(Sum(value * 0.37f, biased ? bias[i] : null), summed ? other[i] : null))];
            float[] result = new float[length];
            RowKernels.Scale(row, 0.37f, bias, other, result);
            Assert.Equal(expected, result);
            RowKernels.Scale(row, 0.37f, bias, other, row); // in place
            Assert.Equal(expected, row);
        }

        static float Sum(float value, float? more) => more is { } number ? value + number : value;
    }
}
