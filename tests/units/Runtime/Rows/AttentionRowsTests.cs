using ColbertOnnx.Native.Operators;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>
/// Attention of ours against double precision, and against the library's operator where there are no numbers. In graphs:
/// AttentionFusionTests.
/// </summary>
public sealed class AttentionRowsTests(ITestOutputHelper output)
{
    // Of values up to 3.
    private const double Tolerance = 1e-5;

    private static readonly int[] Lengths = [.. Enumerable.Range(1, 40), 63, 64, 65, 180, 300];

    [Theory]
    [InlineData(3, 3, 32)]
    [InlineData(5, 5, 64)]
    [InlineData(1, 1, 96)]
    [InlineData(6, 2, 128)]
    [InlineData(7, 1, 16)]
    [InlineData(3, 3, 5)]
    [InlineData(1, 1, 48)]
    [InlineData(1, 1, 250)]
    public void Rows_are_near_the_exact_ones_at_every_length(int heads, int keyHeads, int width)
    {
        Require();
        using var node = AttentionNode.Ours(heads, keyHeads);
        foreach (int length in Lengths)
            Compare(node, AttentionNumbers.Random(length, 2, length, heads, keyHeads, width), [Seen(length), Seen(length)]);
    }

    [Theory]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1030)]
    [InlineData(2048)]
    [InlineData(8192)]
    public void Long_texts_are_read_by_blocks_of_keys(int length)
    {
        Require();
        AttentionNumbers x = AttentionNumbers.Random(length, 1, length, 1, 1, 32);

        // The largest score comes late, and what stands there before has to fade.
        for (int i = 0; i < 32; i++) x.Keys[((length - 3) * 32) + i] *= 4;
        using AttentionNode node = AttentionNode.Ours(1, 1), causal = AttentionNode.Ours(1, 1, after: 0);
        using var window = AttentionNode.Ours(1, 1, before: 700, after: 300);
        int[] rows = [.. Enumerable.Range(0, length).Where(row => row % (length / 32) == 0 || row > length - 4)];
        Compare(node, x, [Seen(length)], rows: rows);
        Compare(causal, x, [Seen(length)], after: 0, rows: rows);
        Compare(window, x, [Seen(length)], 700, 300, rows: rows);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 3)]
    [InlineData(64, 64)]
    [InlineData(8, 0)]
    [InlineData(0, 40)]
    [InlineData(200, 100)]
    [InlineData(AttentionSettings.All, 0)]
    public void A_row_sees_the_keys_of_its_window(int before, int after)
    {
        Require();
        using var node = AttentionNode.Ours(2, 2, 0.3f, before, after);
        foreach (int length in (int[])[1, 2, 11, 12, 13, 31, 33, 64, 127, 150, 300])
            Compare(node, AttentionNumbers.Random(length, 1, length, 2, 2, 32), [Seen(length)], before, after, 0.3f);
    }

    [Theory]
    [InlineData(AttentionSettings.All, AttentionSettings.All)]
    [InlineData(AttentionSettings.All, 0)]
    [InlineData(20, 20)]
    public void Keys_without_attention_weigh_nothing_and_a_row_that_sees_none_becomes_zeros(int before, int after)
    {
        Require();
        using var node = AttentionNode.Ours(3, 3, before: before, after: after);
        foreach (int length in (int[])[1, 5, 33, 100, 600])
        {
            var random = new Random(length);
            bool[][] masks =
            [
                Seen(length),
                new bool[length],
                [.. Enumerable.Range(0, length).Select(i => i < length / 2)],
                [.. Enumerable.Range(0, length).Select(i => i >= length / 3)],
                [.. Enumerable.Range(0, length).Select(_ => random.Next(2) == 0)],
                [.. Enumerable.Range(0, length).Select(i => i is > 2 and < 50 or > 70 and < 90)],
            ];
            AttentionNumbers x = AttentionNumbers.Random(length, masks.Length, length, 3, 3, 32);
            Compare(node, x, masks, before, after, rows: length > 100 ? [0, 1, 60, 299, 300, 599] : null);
        }
    }

    [Theory]
    [InlineData(AttentionSettings.All, AttentionSettings.All)]
    [InlineData(AttentionSettings.All, 0)]
    [InlineData(64, 64)]
    [InlineData(7, 7)]
    public void A_text_has_the_same_bits_alone_and_between_tokens_without_attention(int before, int after)
    {
        Require();
        using var node = AttentionNode.Ours(3, 3, before: before, after: after);
        foreach (int length in (int[])[1, 11, 32, 100, 180, 530])
        {
            AttentionNumbers x = AttentionNumbers.Random(length, 1, length, 3, 3, 32);
            float[] alone = node.Run(x, Seen(length));
            foreach ((int inFront, int behind) in ((int, int)[])[(0, 1), (0, 40), (1, 0), (17, 0), (5, 70), (0, 600)])
            {
                float[] padded = node.Run(x.Padded(inFront, behind), [.. new bool[inFront], .. Seen(length), .. new bool[behind]]);
                ReadOnlySpan<float> own = padded.AsSpan(inFront * 96, alone.Length);
                Assert.True(own.SequenceEqual(alone), $"{length} tokens behind {inFront} and before {behind}");
            }
        }
    }

    public static TheoryData<string> Faults =>
    [
        "NaN in a query", "NaN in a key", "NaN in a value", "infinity in a value", "two infinities", "zeros", "equal rows",
        "scores above all values", "scores below all values", "one score below all values",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_no_number_becomes_what_the_library_makes_of_it(string fault)
    {
        Require();
        using AttentionNode ours = AttentionNode.Ours(3, 3), theirs = AttentionNode.Theirs(3, 32);
        foreach (int length in (int[])[2, 7, 33, 180])
        {
            AttentionNumbers x = AttentionNumbers.Random(5, 1, length, 3, 3, 32);
            Spoil(x, fault);
            float[] one = ours.Run(x, Seen(length)), other = theirs.Run(x, Seen(length));
            for (int i = 0; i < one.Length; i++)
            {
                bool isAlike = float.IsFinite(one[i]) == float.IsFinite(other[i]);
                Assert.True(isAlike, $"{fault}, {length} tokens: {one[i]} instead of {other[i]} at {i}");
                if (float.IsFinite(one[i])) Assert.Equal(other[i], one[i], 1e-4 * Math.Max(1, Math.Abs(other[i])));
            }
        }
    }

    [Fact]
    public void Sides_that_do_not_fit_are_refused()
    {
        Require();
        using var node = AttentionNode.Ours(4, 4);
        var error = Assert.Throws<OnnxRuntimeException>(() => node.Run(AttentionNumbers.Random(1, 1, 6, 4, 2, 16), Seen(6)));
        Assert.Contains("AttentionRows wants", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<OnnxRuntimeException>(() => AttentionNode.Ours(4, 3));
        Assert.Contains("share key heads evenly", error.Message, StringComparison.Ordinal);
    }

    private static void Spoil(AttentionNumbers x, string fault)
    {
        const int Row = 96; // the second token
        switch (fault)
        {
            case "NaN in a query": x.Queries[Row + 3] = float.NaN; break;
            case "NaN in a key": x.Keys[Row + 40] = float.NaN; break;
            case "NaN in a value": x.Values[Row + 70] = float.NaN; break;
            case "infinity in a value": x.Values[Row] = float.PositiveInfinity; break;
            case "two infinities": (x.Values[0], x.Values[Row]) = (float.PositiveInfinity, float.NegativeInfinity); break;
            case "scores above all values": (x.Queries[Row], x.Keys[Row]) = (1e30f, 1e30f); break;
            case "scores below all values":
                for (int i = 0; i < x.Keys.Length; i += Row) (x.Queries[i], x.Keys[i]) = (-1e30f, 1e30f);
                break;
            case "one score below all values": (x.Queries[Row], x.Keys[Row]) = (-1e30f, 1e30f); break;
            case "zeros": x.Queries.AsSpan(Row, Row).Clear(); x.Keys.AsSpan(0, Row).Clear(); x.Values.AsSpan(Row, Row).Clear(); break;
            default: for (int i = Row; i < x.Keys.Length; i++) x.Keys[i] = x.Keys[i % Row]; break;
        }
    }

    private void Compare(
        AttentionNode node, AttentionNumbers x, bool[][] seen,
        int before = AttentionSettings.All, int after = AttentionSettings.All, float? scale = null, int[]? rows = null)
    {
        float[] result = node.Run(x, seen);
        double worst = 0;
        for (int text = 0; text < seen.Length; text++)
            foreach (int row in rows ?? [.. Enumerable.Range(0, x.Length)])
                for (int head = 0; head < x.Heads; head++)
                {
                    ReadOnlySpan<float> actual = x.Of(result, text, head, row);
                    double[] exact = x.Exact(text, head, row, seen[text], scale, before, after);
                    for (int i = 0; i < exact.Length; i++)
                        worst = double.IsNaN(actual[i]) ? double.PositiveInfinity : Math.Max(worst, Math.Abs(actual[i] - exact[i]));
                    if (exact.All(number => number == 0)) Assert.Equal(-1, actual.IndexOfAnyExcept(0f));
                }

        if (x.Length is 180 or 8192) output.WriteLine($"{x.Length} tokens, {x.Heads} heads of {x.Width}: {worst:e1} at most");
        Assert.True(worst < Tolerance, $"{x.Length} tokens: {worst:e1}");
    }

    private static bool[] Seen(int length) => [.. Enumerable.Repeat(true, length)];

    private static void Require() => Assert.SkipUnless(AttentionRowsOperator.IsSupported, "The operator needs AVX-512.");
}
