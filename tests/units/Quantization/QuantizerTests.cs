using System.Runtime.InteropServices;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;
using ColbertOnnx.Tests.Export;

namespace ColbertOnnx.Tests.Quantization;

/// <summary>Which operators become INT8, and what their constants are.</summary>
public sealed class QuantizerTests
{
    [Fact]
    public void All_matrices_and_long_tables_are_INT8()
    {
        using var exported = new ExportedCase("bert-base");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        int products = model.Graph.Node.Count(node => node.OpType == "MatMul");
        Quantizer.Quantize(model);

        // A table of two rows is too small to gain by it.
        Assert.Equal(["embeddings/Gather.2"], QuantizedRun.Gathers(model, OnnxElementType.Float));
        Assert.Equal(2, QuantizedRun.Gathers(model, OnnxElementType.Int8).Length);
        Assert.DoesNotContain(model.Graph.Node, node => node.OpType == "MatMul");
        Assert.Equal(products, QuantizedRun.Products(model));
        Assert.DoesNotContain(
            model.Initializers,
            tensor =>
                tensor.Type == OnnxElementType.Float && tensor.Shape.Count == 2 && tensor.ElementCount > 2 * 32 && tensor.Shape[1] > 1);

        // What shares its input shares the bytes: queries, keys and values of each layer.
        Assert.True(model.Graph.Node.Count(node => node.OpType == "QuantizeLinear" && node.Attribute.Count > 0) < products * 0.7);
    }

    [Fact]
    public void Small_matrices_stay_where_the_options_say_so()
    {
        using var exported = new ExportedCase("bert-base");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        Quantizer.Quantize(model, new QuantizationOptions { SmallestOutput = 17 });

        // [32, 16].
        Assert.Equal(["head/MatMul"], model.Graph.Node.Where(node => node.OpType == "MatMul").Select(node => node.Name));
    }

    [Fact]
    public void A_product_of_constants_is_computed_when_the_graph_is_opened_and_its_matrix_is_bytes_all_the_same()
    {
        // DeBERTa's relative positions go through the maps of keys and queries, whatever the text.
        using var exported = new ExportedCase("deberta-v3-base");
        using var folder = new TemporaryFolder();
        string file = folder.File("model_int8.onnx");
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        Quantizer.Quantize(model);
        OnnxWriter.Write(model, file);
        Assert.Equal(
            2 * 3,
            model.Graph.Node.Count(node => node.OpType == "MatMul" && node.Input[1].EndsWith("/matrix", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            model.Initializers,
            tensor => tensor.Type == OnnxElementType.Float && tensor.Name.EndsWith("proj.weight", StringComparison.Ordinal));

        using OrtEncoderSession full = OrtEncoderSession.Open(exported.GraphPath, new EncoderSessionOptions()),
            quantized = OrtEncoderSession.Open(file, new EncoderSessionOptions());
        Assert.Equal(full.Providers.Single().AllMatrixProducts, quantized.Providers.Single().AllMatrixProducts);
    }

    [Theory]
    [InlineData("bert-base", 3)]
    [InlineData("modernbert-base", 0)] // its GELU is a gate: a factor of what becomes bytes
    public void A_GELU_that_only_becomes_bytes_is_computed_by_tanh_with_its_bias(string name, int expected)
    {
        using var exported = new ExportedCase(name);
        OnnxModel model = OnnxReader.Read(exported.GraphPath);
        int exact = model.Graph.Node.Count(node => node.OpType == "Gelu");
        Quantizer.Quantize(model);
        NodeProto[] coarse = [.. model.Graph.Node.Where(node => node.OpType == "FastGelu")];
        Assert.Equal(expected, coarse.Length);
        Assert.Equal(exact - expected, model.Graph.Node.Count(node => node.OpType == "Gelu"));
        Assert.All(coarse, node => Assert.EndsWith("intermediate.dense.bias", node.Input[1], StringComparison.Ordinal));
        Assert.All(coarse, node => Assert.Equal("Mul", model.Graph.Node.Single(other => other.Output.Contains(node.Input[0])).OpType));
    }

    [Fact]
    public void Every_form_of_a_product_with_a_constant_is_found()
    {
        using var folder = new TemporaryFolder();
        string full = folder.File("model.onnx"), file = folder.File("model_int8.onnx");
        OnnxWriter.Write(FormsGraph.Build(), full);
        OnnxModel model = OnnxReader.Read(full);
        Quantizer.Quantize(model);
        OnnxWriter.Write(model, file);
        Assert.Equal(["computed", "scaled gemm", "tiny"], model.Graph.All().Where(IsProduct).Select(node => node.Name));
        Assert.Equal(4, QuantizedRun.Products(model));
        Assert.All(
            ["transposed", "gemm", "then", "else"],
            name => Assert.Contains(model.Graph.All(), node => node.Name == name && !IsProduct(node)));

        float[] expected = FormsGraph.Rows(full), actual = FormsGraph.Rows(file);
        Assert.All(QuantizedRun.Cosines(expected, actual, FormsGraph.Width), cosine => Assert.InRange(cosine, 0.999, 1.0001));
        Assert.NotEqual(expected, actual);
    }

    [Fact]
    public void Values_of_one_name_in_two_branches_stay_two_values()
    {
        using var folder = new TemporaryFolder();
        string full = folder.File("model.onnx"), file = folder.File("model_int8.onnx");
        OnnxModel model = FormsGraph.Build();
        NodeProto choice = model.Graph.Node.Single(node => node.OpType == "If");
        model.Add(OnnxTensor.Of(
            "w3.turned", [.. Enumerable.Range(0, 40 * FormsGraph.Width).Select(i => MathF.Sin(i))], FormsGraph.Width, 40));
        GraphProto[] branches = [.. choice.Branches()];
        branches[1].Node.Insert(0, Nodes.Make("Transpose", "", ["w3.turned"], "matrix"));
        branches[0].Node.Insert(0, Nodes.Make("Identity", "", ["w3"], "matrix"));
        foreach (GraphProto branch in branches) branch.Node[1].Input[1] = "matrix";
        OnnxWriter.Write(model, full);
        Quantizer.Quantize(model);
        OnnxWriter.Write(model, file);

        // One of the two runs takes the one branch, the other the other.
        float[] expected = FormsGraph.Rows(full), rows = FormsGraph.Rows(file);
        Assert.All(QuantizedRun.Cosines(expected, rows, FormsGraph.Width), cosine => Assert.InRange(cosine, 0.99, 1.0001));
    }

    [Fact]
    public void A_matrix_becomes_bytes_with_a_scale_for_each_column()
    {
        var matrix = OnnxTensor.Of("w", [1f, 0f, -254f, 2f, 0f, 127f], 2, 3);
        (OnnxTensor values, OnnxTensor scales) = QuantizedMatrix.Of(new ConstantMatrix(matrix, false), "v", "s");
        Assert.Equal([2f / 127, 0f, 2f], MemoryMarshal.Cast<byte, float>(scales.Data.ToArray()).ToArray());
        Assert.Equal([64, 0, -127, 127, 0, 64], MemoryMarshal.Cast<byte, sbyte>(values.Data.ToArray()).ToArray().Select(v => (int)v));

        (OnnxTensor turned, _) = QuantizedMatrix.Of(
            new ConstantMatrix(OnnxTensor.Of("w", [1f, 2f, 0f, 0f, -254f, 127f], 3, 2), true), "v", "s");
        Assert.Equal(values.Data.ToArray(), turned.Data.ToArray());
    }

    [Theory]
    [InlineData(OnnxElementType.Float)]
    [InlineData(OnnxElementType.Float16)]
    [InlineData(OnnxElementType.BFloat16)]
    internal void Constants_are_read_as_they_are_stored(OnnxElementType type)
    {
        float[] stored = [1.5f, -2f, 0.25f, 1024f];
        byte[] bytes = type switch
        {
            OnnxElementType.Float => MemoryMarshal.AsBytes<float>(stored).ToArray(),
            OnnxElementType.Float16 => MemoryMarshal.AsBytes<Half>([.. stored.Select(n => (Half)n)]).ToArray(),
            _ => MemoryMarshal.AsBytes<ushort>([.. stored.Select(n => (ushort)(BitConverter.SingleToUInt32Bits(n) >> 16))]).ToArray(),
        };
        var tensor = new OnnxTensor("t", type, [2, 2], new MemoryTensorData(bytes));
        Assert.Equal(stored, Floats.Of(tensor));
        List<float[]> rows = [];
        Floats.Rows(tensor, row => rows.Add(row.ToArray()));
        Assert.Equal([[1.5f, -2f], [0.25f, 1024f]], rows);
    }

    [Fact]
    public void A_graph_that_is_INT8_already_is_refused()
    {
        string file = TestData.Path("onnx", "bert-base", "model_int8.onnx");
        ColbertException error = Assert.Throws<ColbertException>(() => Quantizer.Quantize(OnnxReader.Read(file), file: file));
        Assert.Equal(ColbertErrorId.ModelInvalid, error.Id);
        Assert.Equal(file, error.Target);
        Assert.Contains("quantized already", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_set_without_scales_of_rows_is_refused()
    {
        OnnxModel model = OnnxReader.Read(TestData.Path("onnx", "bert-base", "model.onnx"));
        model.Proto.OpsetImport.Single(set => set.Domain == "").Version = 12;
        Assert.Contains(
            "operator set 12", Assert.Throws<ColbertException>(() => Quantizer.Quantize(model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_matrix_that_no_array_could_hold_stays_as_it_is()
    {
        OnnxModel model = FormsGraph.Build();
        model.Add(new OnnxTensor("w1", OnnxElementType.Float, [48, 20_000_000], new Untouchable(48L * 20_000_000 * sizeof(float))));
        Quantizer.Quantize(model);
        Assert.Equal("MatMul", model.Graph.Node.Single(node => node.Name == "transposed").OpType);
    }

    [Fact]
    public void The_graph_says_how_it_was_quantized_and_the_same_in_every_release()
    {
        OnnxModel model = OnnxReader.Read(TestData.Path("onnx", "bert-base", "model.onnx"));
        Quantizer.Quantize(model);
        var said = model.Proto.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value);
        Assert.Equal("int8 per token", said["colbert.quantization"]);
        Assert.DoesNotContain(
            said.Values, value => value.Contains(typeof(Quantizer).Assembly.GetName().Version!.ToString(3), StringComparison.Ordinal));
    }

    private static bool IsProduct(NodeProto node) => node.OpType is "MatMul" or "Gemm";

    private sealed class Untouchable(long bytes) : TensorData
    {
        public override long ByteCount => bytes;

        public override void CopyTo(Stream target) => throw new InvalidOperationException("It is too large to be read.");
    }
}
