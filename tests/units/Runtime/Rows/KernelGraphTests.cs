namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>
/// Our operators beside those that they replace, in a graph: near them for sound rows, and no number where those have none.
/// </summary>
public sealed class KernelGraphTests(ITestOutputHelper output)
{
    private const int Sound = 20, Zeros = Sound, Large = Sound + 1, Infinite = Sound + 2, NotANumber = Sound + 3;

    public static TheoryData<int, int> Sizes => new() { { 32, 48 }, { 100, 33 }, { 384, 1536 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gelu_between_two_products(int width, int inner) =>
        Compare(width, (graph, x) => graph.Linear(graph.Node("Gelu", [graph.Linear(x, width, inner)]), inner, width), "GeluRows");

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_gated_unit_between_two_products(int width, int inner)
    {
        foreach ((bool bias, bool other, bool first) in ((bool, bool, bool)[])
        [
            (false, false, true), (true, false, false), (false, true, true), (true, true, false),
        ])
        {
            Compare(
                width,
                (graph, x) =>
                {
                    string gelu = graph.Node("Gelu", [graph.Linear(x, width, inner, bias)]), gate = graph.Linear(x, width, inner, other);
                    return graph.Linear(graph.Node("Mul", first ? [gelu, gate] : [gate, gelu]), inner, width);
                },
                "GateRows");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_norm_between_two_products_to_which_later_rows_are_added(int width, int inner)
    {
        foreach ((bool bias, bool beta) in ((bool, bool)[])[(true, true), (false, false), (true, false), (false, true)])
        {
            Compare(
                width,
                (graph, x) =>
                {
                    string first = Norm(graph, x, width, beta),
                        second = Norm(graph, graph.Node("Add", [graph.Linear(first, width, width, bias), first]), width, beta);
                    return graph.Node(
                        "Add", [graph.Linear(graph.Node("Relu", [graph.Linear(second, width, inner)]), inner, width, bias), second]);
                },
                "NormRows");
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_norm_between_two_products_of_a_sum_to_which_later_rows_are_added(int width, int inner)
    {
        foreach ((bool bias, bool beta) in ((bool, bool)[])[(true, true), (false, false), (true, false), (false, true)])
        {
            Compare(
                width,
                (graph, x) =>
                {
                    string first = Norm(graph, x, width, beta), sum = graph.Node("Add", [graph.Linear(first, width, width, bias), first]);
                    return graph.Node(
                        "Add",
                        [
                            graph.Linear(
                                graph.Node("Gelu", [graph.Linear(Norm(graph, sum, width, beta), width, inner)]), inner, width, bias),
                            sum,
                        ]);
                },
                "NormRows");
        }
    }

    [Fact]
    public void A_norm_and_its_sum_that_are_both_read_elsewhere_stay()
    {
        var graph = new RowGraph(64, Table(64));
        string first = Norm(graph, graph.Input, 64, true), sum = graph.Node("Add", [graph.Linear(first, 64, 64), first]),
            norm = Norm(graph, sum, 64, true);
        Assert.False(graph.Run(graph.Node("Add", [graph.Node("Add", [graph.Linear(norm, 64, 64), norm]), sum]), [1, 2]).Operators
            .ContainsKey("NormRows"));
    }

    private static string Norm(RowGraph graph, string x, int width, bool bias) =>
        graph.Node(
            "LayerNormalization", bias ? [x, graph.Constant(2, width), graph.Constant(1, width)] : [x, graph.Constant(2, width)],
            ("axis", -1), ("epsilon", 1e-6f));

    [Fact]
    public void A_gate_that_is_read_elsewhere_stays()
    {
        var graph = new RowGraph(64, Table(64));
        string gelu = graph.Node("Gelu", [graph.Linear(graph.Input, 64, 64)]);
        string sum = graph.Node("Add", [graph.Linear(graph.Node("Mul", [gelu, graph.Linear(graph.Input, 64, 64)]), 64, 64), gelu]);
        Assert.False(graph.Run(sum, [1, 2]).Operators.ContainsKey("GateRows"));
    }

    private void Compare(int width, Func<RowGraph, string, string> build, string op)
    {
        var graph = new RowGraph(width, Table(width));
        int[] ids = [.. Enumerable.Range(0, Sound), Zeros, Large, Infinite, NotANumber, .. Enumerable.Range(0, 3)];
        (float[] ours, float[] theirs, IReadOnlyDictionary<string, int> operators) = graph.Run(build(graph, graph.Input), ids);
        Assert.Equal(1, operators.GetValueOrDefault(op));
        double worst = 1;
        for (int i = 0; i < ids.Length; i++)
        {
            ReadOnlySpan<float> one = ours.AsSpan(i * width, width), other = theirs.AsSpan(i * width, width);
            if (ids[i] == NotANumber)
            {
                Assert.False(one.ContainsAnyExceptInRange(float.NaN, float.NaN), "a number in a row of NaN");
                continue;
            }

            // What infinity times zero gives is not a number: all that counts is that the row does not look right.
            if (ids[i] == Infinite)
            {
                foreach (float value in one) Assert.False(float.IsFinite(value), "a finite number in a row of infinity");
                continue;
            }

            double dot = 0, a = 0, b = 0;
            for (int j = 0; j < width; j++)
                (dot, a, b) = (dot + ((double)one[j] * other[j]), a + ((double)one[j] * one[j]), b + ((double)other[j] * other[j]));
            worst = Math.Min(worst, dot / Math.Sqrt(a * b));
        }

        output.WriteLine($"{op}, {width} columns: cosine {worst:f7} at least");
        Assert.InRange(worst, 0.9995, 1.000001);
        for (int i = 0; i < 3 * width; i++)
            Assert.Equal(BitConverter.SingleToInt32Bits(ours[i]), BitConverter.SingleToInt32Bits(ours[((ids.Length - 3) * width) + i]));
    }

    private static float[][] Table(int width)
    {
        var random = new Random(9);
        float[][] table =
        [
            .. Enumerable.Range(0, Sound + 4)
                .Select(_ => Enumerable.Range(0, width).Select(_ => (float)(random.NextDouble() - 0.5) * 3).ToArray()),
        ];
        Array.Clear(table[Zeros]);
        for (int i = 0; i < width; i++) table[Large][i] *= 1e4f;
        table[Infinite][width / 2] = float.PositiveInfinity;
        table[NotANumber][width / 3] = float.NaN;
        return table;
    }
}
