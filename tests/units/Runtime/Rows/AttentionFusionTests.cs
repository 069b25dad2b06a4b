using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Rows;
using ColbertOnnx.Tests.Export;

namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>Attention of ours in the graphs of the families: it is there, and gives what the library's operators give.</summary>
public sealed class AttentionFusionTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-5;

    private const string Longer = """{"max_position_embeddings": 1100}""";

    [Theory]
    [InlineData("albert-base")]
    [InlineData("bert-base")]
    [InlineData("distilbert-base")]
    [InlineData("electra-base")]
    [InlineData("eurobert-base")]
    [InlineData("lfm2-base")]
    [InlineData("modernbert-base")]
    [InlineData("modernbert-wide")]
    [InlineData("modernbert-query128")]
    [InlineData("qwen3-base")]
    [InlineData("qwen3-left")]
    [InlineData("roberta-base")]
    [InlineData("xlmr-base")]
    public void A_family_s_attention_becomes_one_operator_that_gives_the_same(string name)
    {
        using var exported = new ExportedCase(name);
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        int before = model.Graph.Node.Count(IsChoice);
        Assert.True(before > 0);
        Assert.Equal(AttentionRowsOperator.IsSupported, AttentionFusion.Apply(model));
        int ours = model.Graph.Node.Count(node => node.OpType == RowOperators.AttentionRows);
        Assert.Equal(AttentionRowsOperator.IsSupported ? (0, before) : (before, 0), (model.Graph.Node.Count(IsChoice), ours));

        using OrtEncoderSession one = Open(exported.GraphPath, true), theirs = Open(exported.GraphPath, false);
        using OrtEncoderSession many = OrtEncoderSession.Open(exported.GraphPath, new EncoderSessionOptions { Threads = 3 });
        int positions = exported.Graph.Positions ?? 300, words = (int)Math.Min(900, exported.Graph.VocabularySize);
        foreach (int[] lengths in (int[][])[[1], [7], [Math.Min(positions, 60)], [5, 31, 1, 18], [Math.Min(positions, 180), 3]])
        {
            float[] rows = ChangedCheckpoint.Run(one, lengths, words);
            Compare(ChangedCheckpoint.Run(theirs, lengths, words), rows, $"{name}, {string.Join(" and ", lengths)} tokens");
            Assert.Equal(rows, ChangedCheckpoint.Run(many, lengths, words));
        }
    }

    [Theory]
    [InlineData("deberta-v3-base")]
    [InlineData("mpnet-base")]
    public void Attention_to_whose_scores_numbers_are_added_stays(string name)
    {
        using var exported = new ExportedCase(name);
        Assert.Null(FusedGraph.Of(OnnxReader.Read(exported.GraphPath), exported.GraphPath));
    }

    [Theory]
    [InlineData("modernbert-base", Longer, 513)]
    [InlineData("modernbert-base", Longer, 700, 200)]
    [InlineData("modernbert-query128", Longer, 1025, 64, 1000)]
    [InlineData("modernbert-base", """{"max_position_embeddings": 1100, "local_attention": 300}""", 700, 30)]
    [InlineData("eurobert-base", Longer, 700, 30)]
    public void Long_inputs_give_what_blocks_and_operators_for_long_inputs_give(string name, string changes, params int[] lengths)
    {
        using var folder = new TemporaryFolder();
        string file = ChangedCheckpoint.Write(folder, name, changes);
        using OrtEncoderSession ours = Open(file, true), theirs = Open(file, false);
        string what = $"{name}, {string.Join(" and ", lengths)} tokens";
        Compare(ChangedCheckpoint.Run(theirs, lengths), ChangedCheckpoint.Run(ours, lengths), what);
    }

    [Theory]
    [InlineData("bert-base", true)]
    [InlineData("xlmr-base", true)]
    [InlineData("modernbert-base", false)]
    public void Attention_reads_the_products_of_INT8_rows_itself_and_gives_the_same_bits(string name, bool isRead)
    {
        Assert.SkipUnless(AttentionRowsOperator.IsSupported, "The operator needs AVX-512.");
        using var exported = new ExportedCase(name);
        using var folder = new TemporaryFolder();
        string file = folder.File("model_int8.onnx");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        Quantizer.Quantize(model);
        OnnxWriter.Write(model, file);
        OnnxModel apart = OnnxReader.Read(file), whole = OnnxReader.Read(file);
        foreach (OnnxModel form in (OnnxModel[])[apart, whole]) Assert.True(RowFusion.Apply(form) && AttentionFusion.Apply(form));
        ProductFusion.Apply(whole);
        NodeProto[] attention = [.. whole.Graph.Node.Where(node => node.OpType == RowOperators.AttentionRows)];
        Assert.NotEmpty(attention);
        Assert.All(attention, node => Assert.Equal(isRead ? 11 : 4, node.Input.Count));
        foreach ((string op, int gone) in ((string, int)[])[(RowOperators.ScaleRows, 3), ("Reshape", 4)])
            Assert.Equal(isRead ? gone * attention.Length : 0, Count(apart, op) - Count(whole, op));
        string first = folder.File("apart.onnx"), second = folder.File("whole.onnx");
        OnnxWriter.Write(apart, first);
        OnnxWriter.Write(whole, second);
        using OrtEncoderSession one = OrtEncoderSession.Open(file, new EncoderSessionOptions { PackedGraph = first });
        using OrtEncoderSession other = OrtEncoderSession.Open(file, new EncoderSessionOptions { PackedGraph = second });
        foreach (int[] lengths in (int[][])[[1], [7], [60], [5, 31, 1, 18], [100, 3]])
            Assert.Equal(ChangedCheckpoint.Run(one, lengths), ChangedCheckpoint.Run(other, lengths));
    }

    [Fact]
    public void Products_that_are_read_elsewhere_too_stay_apart()
    {
        Assert.SkipUnless(AttentionRowsOperator.IsSupported, "The operator needs AVX-512.");
        using var exported = new ExportedCase("bert-base");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        Quantizer.Quantize(model);
        Assert.True(RowFusion.Apply(model) && AttentionFusion.Apply(model));
        NodeProto[] attention = [.. model.Graph.Node.Where(node => node.OpType == RowOperators.AttentionRows)];
        Dictionary<string, NodeProto> producers = model.Graph.Producers();

        // The values of the first layer, and what the second gives.
        model.Graph.Node.Add(Nodes.Make("Identity", "", [producers[attention[0].Input[2]].Input[0]], "seen"));
        model.Graph.Output.Add(OnnxAttributes.Value("seen", OnnxElementType.Float, ["a", "b"]));
        model.Graph.Output.Add(OnnxAttributes.Value(attention[1].Output[0], OnnxElementType.Float, ["a", "b", "c"]));
        ProductFusion.Apply(model);
        Assert.Equal([4, 4], attention.Take(2).Select(node => node.Input.Count));
        Assert.All(attention.Skip(2), node => Assert.Equal(11, node.Input.Count));
    }

    public static TheoryData<string> Changes =>
        ["other branches", "another attribute", "another condition", "other values for hidden rows", "another window"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_choice_that_looks_otherwise_stays(string change)
    {
        using var exported = new ExportedCase(change == "another window" ? "modernbert-base" : "qwen3-base");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        Dictionary<string, NodeProto> producers = model.Graph.Producers();
        model.Add(OnnxTensor.Of("seven", [7L]));
        model.Add(OnnxTensor.Of("half", [0.5f]));
        foreach (NodeProto choice in model.Graph.Node.Where(IsChoice))
        {
            NodeProto[] inner = [.. choice.Branches().SelectMany(Nodes.All)];
            switch (change)
            {
                case "other branches":
                    (choice.Attribute[0].Name, choice.Attribute[1].Name) = (choice.Attribute[1].Name, choice.Attribute[0].Name);
                    break;
                case "another attribute":
                    inner.First(node => node.OpType == "Attention").Attribute.Add(OnnxAttributes.Of("softcap", 30f));
                    break;
                case "another condition":
                    producers[choice.Input[0]].Input[1] = "seven";
                    break;
                case "other values for hidden rows":
                    inner.First(node => node.OpType == "Where").Input[2] = "half";
                    break;
                default:
                    foreach (NodeProto near in model.Graph.All().Where(node => node.OpType == "LessOrEqual")) near.Input[1] = "seven";
                    break;
            }
        }

        int before = model.Graph.Node.Count(IsChoice), windows = model.Graph.Node.Count(node => IsChoice(node) && Holds(node, "Pad"));
        Assert.True(before > 0 && windows < before);
        AttentionFusion.Apply(model);

        // Of ModernBERT's layers those stay that see a window.
        Assert.Equal(change == "another window" && AttentionRowsOperator.IsSupported ? windows : before, model.Graph.Node.Count(IsChoice));
    }

    private static bool IsChoice(NodeProto node) => node.OpType == "If" && Holds(node, "Attention");

    private static bool Holds(NodeProto node, string op) => node.Branches().SelectMany(Nodes.All).Any(inner => inner.OpType == op);

    private static int Count(OnnxModel model, string op) => model.Graph.Node.Count(node => node.OpType == op);

    private static OrtEncoderSession Open(string file, bool isOurs) =>
        OrtEncoderSession.Open(file, new EncoderSessionOptions { FuseRows = isOurs });

    private void Compare(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double largest = expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max(d => double.IsNaN(d) ? double.PositiveInfinity : d);
        output.WriteLine($"{what}: {largest:e1}");
        Assert.InRange(largest, 0, Tolerance);
    }
}
