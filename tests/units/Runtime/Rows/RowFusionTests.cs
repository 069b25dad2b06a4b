using ColbertOnnx.Native;
using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Rows;
using ColbertOnnx.Tests.Export;
using ColbertOnnx.Tests.Quantization;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>Our operators in the place of the library's: they are there, and change little. Per family: PerTokenTests.</summary>
public sealed class RowFusionTests(ITestOutputHelper output)
{
    private static readonly string Embedded = TestData.Path("..", "..", "module", "models", "minilm-l6-colbert-96", "model_int8.onnx");

    [Fact]
    public void Every_row_of_the_embedded_model_goes_through_our_operators()
    {
        OnnxModel model = OnnxReader.Read(Embedded);
        int nodes = model.Graph.Node.Count;
        Assert.True(RowFusion.Apply(model));
        Dictionary<string, int> operators = model.Graph.Node.GroupBy(node => node.OpType)
            .ToDictionary(group => group.Key, group => group.Count());

        // Six layers: rows for Q, K and V; for O; for both products of the feed-forward net. And one for the head.
        Assert.Equal(37, operators["MatMulIntegerToFloat"]);
        Assert.Equal((7, 19, 6, 12, 0), (Of("QuantizeRows"), Of("ScaleRows"), Of("GeluRows"), Of("NormRows"), Of("FastGelu")));
        Assert.Equal(1, Of("LayerNormalization")); // that of the word embeddings

        // Products in front of GELU stay around 128: it would cost more there, and their rows matter less.
        Assert.Equal(
            (13, 19),
            (
                model.Graph.Node.Count(node => node.Integer(RowOperators.OwnZeroPoint, 0) == 1),
                model.Graph.Node.Count(node => node is { OpType: "ScaleRows", Input.Count: 5 })));
        Assert.Equal(6, model.Graph.Node.Count(node => node.OpType == "NormRows" && node.Input[5].Length > 0));
        Assert.Equal((0, 0, 0), (Of("QuantizeLinear"), Of("Abs"), Of("ReduceMax")));
        Assert.True(model.Graph.Node.Count < 0.55 * nodes, $"{model.Graph.Node.Count} of {nodes} nodes");

        int Of(string op) => operators.GetValueOrDefault(op);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 180)]
    [InlineData(32, 7)]
    [InlineData(3, 61)]
    public void Our_operators_give_nearly_what_the_library_s_give_and_the_same_bits_with_more_threads(int batch, int length)
    {
        using OrtEncoderSession ours = OrtEncoderSession.Open(Embedded, new EncoderSessionOptions()),
            theirs = OrtEncoderSession.Open(Embedded, new EncoderSessionOptions { FuseRows = false });
        using OrtEncoderSession many = OrtEncoderSession.Open(Embedded, new EncoderSessionOptions { Threads = 2 });
        float[] rows = Run(ours, batch, length);
        double[] cosines = [.. QuantizedRun.Cosines(Run(theirs, batch, length), rows, ours.Dimension)];
        output.WriteLine($"{batch} x {length}: cosine {cosines.Average():f6} on average, {cosines.Min():f6} at least");

        // As far from each other as either is from FP32: a byte that is another one here makes others there.
        Assert.InRange(cosines.Min(), 0.985, 1.000001);
        Assert.Equal(rows, Run(many, batch, length));
    }

    [Fact]
    public void Constants_stay_in_the_file_also_where_it_is_a_link_into_another_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using var folder = new TemporaryFolder();
        string blobs = Directory.CreateDirectory(folder.File("blobs für alle")).FullName,
            snapshot = Directory.CreateDirectory(folder.File("snapshot")).FullName;
        File.Copy(Embedded, Path.Combine(blobs, "5f3c"));
        string link = Path.Combine(snapshot, "model_int8.onnx");
        File.CreateSymbolicLink(link, Path.Combine("..", "blobs für alle", "5f3c"));
        FusedGraph graph = FusedGraph.Of(OnnxReader.Read(link), link)!;
        Assert.Equal(blobs, graph.Folder);
        Assert.InRange(graph.Bytes.Length, 50_000, 1_000_000); // of 23 MB

        // Weights beside the graph are a link of their own.
        OnnxModel apart = OnnxReader.Read(Embedded);
        OnnxWriter.Write(apart, folder.File("apart.onnx"), inlineLimit: 0);
        File.Move(folder.File("apart.onnx"), Path.Combine(blobs, "91b0"));
        File.Move(folder.File("apart.onnx.data"), Path.Combine(blobs, "d0d0"));
        string second = Path.Combine(snapshot, "apart.onnx");
        File.CreateSymbolicLink(second, Path.Combine("..", "blobs für alle", "91b0"));
        File.CreateSymbolicLink(second + ".data", Path.Combine("..", "blobs für alle", "d0d0"));
        Assert.InRange(FusedGraph.Of(OnnxReader.Read(second), second)!.Bytes.Length, 50_000, 1_000_000);
        using (OrtEncoderSession twice = OrtEncoderSession.Open(second, new EncoderSessionOptions())) Assert.Equal(96, twice.Dimension);
        using OrtEncoderSession linked = OrtEncoderSession.Open(link, new EncoderSessionOptions()),
            plain = OrtEncoderSession.Open(Embedded, new EncoderSessionOptions());
        Assert.Equal(Run(plain, 1, 20), Run(linked, 1, 20));
    }

    [Fact]
    public void Graphs_of_other_tools_that_are_not_INT8_per_token_are_left_alone()
    {
        string file = TestData.Path("onnx", "bert-base", "model.onnx");
        Assert.Null(FusedGraph.Of(OnnxReader.Read(file), file));
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "Mul", "the product is a result as well" },
        { "Add", "a sum is a result as well" },
        { "FastGelu", "what GELU gives is a result as well" },
        { "ReduceMax", "the largest number is a result as well" },
        { "QuantizeLinear", "the bytes are read twice" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_value_between_that_is_wanted_elsewhere_stays(string op, string why)
    {
        using var exported = new ExportedCase("bert-base");
        using var folder = new TemporaryFolder();
        string file = folder.File("model_int8.onnx");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        Quantizer.Quantize(model);
        HashSet<string> products =
        [
            .. model.Graph.Node.Where(node => node.OpType == "MatMulIntegerToFloat").SelectMany(node => node.Output),
        ];
        NodeProto[] found = [.. model.Graph.Node.Where(node => node.OpType == op && (op != "Mul" || products.Contains(node.Input[0])))];
        Assert.NotEmpty(found);
        foreach (NodeProto node in found)
        {
            string seen = node.Output[0] + "/seen";
            model.Graph.Node.Add(Nodes.Make("Identity", "", [node.Output[0]], seen));
            OnnxElementType type = op == "QuantizeLinear" ? OnnxElementType.UInt8 : OnnxElementType.Float;
            model.Graph.Output.Add(OnnxAttributes.Value(seen, type, ["a", "b"]));
        }

        OnnxWriter.Write(model, file);
        FusedGraph? fused = FusedGraph.Of(OnnxReader.Read(file), file);
        Assert.True(fused is not null, why);
        using var session = Open(fused!);
        Assert.Equal(found.Length + 1, session.OutputNames.Count);
    }

    [Fact]
    public void An_operator_that_gets_other_sides_says_what_it_wants()
    {
        var model = new OnnxModel(new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "wrong" } });
        model.Import("", 17);
        model.Import(RowOperators.Domain, 1);
        model.Graph.Input.Add(OnnxAttributes.Value("x", OnnxElementType.Float, ["a", "b"]));
        model.Graph.Output.Add(OnnxAttributes.Value("y", OnnxElementType.Float, ["a", "b"]));
        model.Add(OnnxTensor.Of("scales", [1f, 2f, 3f], 3, 1));
        model.Graph.Node.Add(Nodes.Make(RowOperators.ScaleRows, RowOperators.Domain, ["x", "scales"], "y"));
        using InferenceSession session = Open(new FusedGraph(OnnxWriter.ToArray(model, ""), ""));
        OrtTensorInfo x = new("x", OrtElementType.Float, [-1, -1]), y = new("y", OrtElementType.Float, [-1, -1]);
        var calls = new OrtManagedRun(session, [x], y);
        Assert.Equal([3, 2], calls.RunForShape(new byte[24], [3, 2]));
        var error = Assert.Throws<OnnxRuntimeException>(() => calls.RunForShape(new byte[16], [2, 2]));
        Assert.Contains("ScaleRows wants a scale for each row", error.Message, StringComparison.Ordinal);
    }

    private static InferenceSession Open(FusedGraph graph)
    {
        _ = OrtEnvironment.Instance;
        using var options = new SessionOptions();
        OrtManaged.AddOperators(options);
        if (graph.Folder.Length > 0) options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", graph.Folder);
        return new InferenceSession(graph.Bytes, options);
    }

    private static float[] Run(OrtEncoderSession session, int batch, int length)
    {
        int tokens = batch * length;
        float[] rows = new float[tokens * session.Dimension];
        session.Run(
            batch, length, [.. Enumerable.Range(0, tokens).Select(i => 1000 + (i * 37 % 20000))], [.. Enumerable.Repeat((byte)1, tokens)],
            rows, TestContext.Current.CancellationToken);
        return rows;
    }
}
