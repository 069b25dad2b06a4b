using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Export;

/// <summary>What makes the graphs fast (docs/performance/README.md): operators that are there, and those that must not come in.</summary>
public sealed class GraphShapeTests
{
    private const string Attention = "Attention";

    [Theory]
    [InlineData("albert-base")]
    [InlineData("bert-base")]
    [InlineData("distilbert-base")]
    [InlineData("electra-base")]
    [InlineData("eurobert-base")]
    [InlineData("qwen3-base")]
    [InlineData("roberta-base")]
    [InlineData("xlmr-base")]
    public void A_layer_s_attention_has_a_mask_only_in_the_branch_for_padding(string name)
    {
        using var exported = new ExportedCase(name);
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType == Attention);
        NodeProto[] choices =
        [
            .. model.Graph.Node.Where(node =>
                node.OpType == "If" && node.Branches().SelectMany(Nodes.All).Any(inner => inner.OpType == Attention)),
        ];
        Assert.NotEmpty(choices);
        Assert.All(choices, choice =>
        {
            Assert.All(
                choice.Find("then_branch")!.G.All().Where(node => node.OpType == Attention), node => Assert.Equal(4, node.Input.Count));
            Assert.All(
                choice.Find("else_branch")!.G.All().Where(node => node.OpType == Attention), node => Assert.Equal(3, node.Input.Count));
        });
    }

    [Fact]
    public void Neither_our_graphs_nor_what_ONNX_Runtime_makes_of_any_add_and_norm_in_one_operator()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in ReferenceCase.OnnxNames)
        {
            using var exported = new ExportedCase(name);
            foreach (string graph in (string[])[exported.GraphPath, TestData.Path("onnx", name, "model.onnx")])
            {
                string optimized = folder.File($"{Guid.NewGuid()}.onnx");
                OrtEncoderSession.Open(graph, new EncoderSessionOptions { PackTo = optimized }).Dispose();
                string[] operators =
                [
                    .. new[] { graph, optimized }.SelectMany(file => OnnxReader.Read(file).Graph.All()).Select(node => node.OpType),
                ];
                Assert.Contains("LayerNormalization", operators);
                Assert.DoesNotContain(operators, op => op.StartsWith("Skip", StringComparison.Ordinal));
            }
        }
    }
}
