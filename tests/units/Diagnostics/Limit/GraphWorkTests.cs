using ColbertOnnx.Diagnostics.Limit;

namespace ColbertOnnx.Tests.Diagnostics.Limit;

public sealed class GraphWorkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_embedded_model_s_products_are_bytes_and_its_attention_is_float()
    {
        GraphWork work = GraphWork.Count(Embedded(), [32, 180, 32, 0], Token);
        foreach (int length in (int[])[32, 180])
            Assert.Equal(
                (Minilm(length).Int8, Minilm(length).Float), (Math.Round(work.Of(length).Int8), Math.Round(work.Of(length).Float)));
        Assert.Equal(default, work.Of(0));
    }

    [Fact]
    public void Many_lengths_are_interpolated()
    {
        GraphWork work = GraphWork.Count(Embedded(), [.. Enumerable.Range(10, 200)], Token);
        foreach (int length in (int[])[10, 11, 57, 100, 199, 209])
        {
            Assert.Equal(Minilm(length).Int8, work.Of(length).Int8, 1.0);
            Assert.Equal(Minilm(length).Float, work.Of(length).Float, 1.0);
        }
    }

    [Fact]
    public void A_graph_of_float32_multiplies_no_bytes()
    {
        string graph = Path.Combine(TestData.Path("onnx", "bert-base"), "model.onnx");
        MultiplyAdds work = GraphWork.Count(graph, [7], Token).Of(7);
        Assert.Equal(0, work.Int8);
        Assert.True(work.Float > 0);
    }

    // Of minilm-l6-colbert-96: six layers of 384, intermediate size 1536, a projection to 96.
    private static MultiplyAdds Minilm(double length) =>
        new(length * ((6 * ((4 * 384 * 384) + (2 * 384 * 1536))) + (384 * 96)), 6 * 2 * length * length * 384);

    private static string Embedded()
    {
        using ColbertModel model = ColbertModel.Load();
        return model.GraphPath;
    }
}
