using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Rows;

namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>
/// Graphs that no family has, quantized: what is added to a product has another shape, or the operator behind it stands in a branch.
/// </summary>
public sealed class RowShapeTests
{
    private const int Width = 32;

    private readonly OnnxModel model = new(new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = "dimensions" } });
    private readonly Random random = new(5);

    public RowShapeTests()
    {
        model.Import("", 20);
        foreach (string input in (string[])["input_ids", "attention_mask"])
            model.Graph.Input.Add(OnnxAttributes.Value(input, OnnxElementType.Int64, ["batch", "length"]));
        model.Graph.Output.Add(OnnxAttributes.Value("output", OnnxElementType.Float, ["batch", "length", $"{Width}"]));
        Constant("table", 60, Width);
        Constant("gain", Width);
        Constant("bias", Width);
        model.Add(OnnxTensor.Of("flat", [-1L, Width], 2));
        model.Add(OnnxTensor.Of("width", [(long)Width], 1));
        Add("Gather", ["table", "input_ids"], "states");
        Add("Reshape", ["states", "flat"], "rows");
        Add("Shape", ["input_ids"], "shape");
        Add("Concat", ["shape", "width"], "dimensions", ("axis", 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_norm_of_one_row_is_added_to_every_row_of_a_product(int rank)
    {
        Constant("vector", rank == 1 ? [Width] : [1, Width]);
        Add("Tanh", ["vector"], "one");
        Norm("one", "norm");
        Add("Add", ["norm", Linear("rows")], "sum");
        End("sum");
    }

    [Fact]
    public void A_product_of_one_row_is_added_to_every_row_of_a_norm()
    {
        model.Add(OnnxTensor.Of("nothing", [0L], 1));
        model.Add(OnnxTensor.Of("second", [1L], 1));
        Add("Slice", ["rows", "nothing", "second", "nothing"], "one");
        Norm("rows", "norm");
        Add("Add", [Linear("one"), "norm"], "sum");
        End("sum");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void So_is_one_row_of_either_before_a_norm_that_becomes_bytes(bool isProduct)
    {
        model.Add(OnnxTensor.Of("nothing", [0L], 1));
        model.Add(OnnxTensor.Of("second", [1L], 1));
        Add("Slice", ["rows", "nothing", "second", "nothing"], "one");
        Norm(isProduct ? "rows" : "one", "norm");
        Add("Add", [Linear(isProduct ? "one" : "rows"), "norm"], "sum");
        Norm("sum", "last");
        End(Linear("last"), "NormRows");
    }

    [Fact]
    public void Positions_without_texts_are_added_to_the_norm_of_every_text()
    {
        Constant("positions", 20, Width);
        model.Add(OnnxTensor.Of("nothing", [0L], 1));
        model.Add(OnnxTensor.Of("second", [1L], 1));
        Add("Gather", ["shape", "second"], "length");
        Add("Slice", ["positions", "nothing", "length", "nothing"], "place");
        Norm("states", "norm");
        Add("Add", [Linear("place"), "norm"], "sum");
        Add("Relu", ["sum"], "output");
        Compare();
    }

    [Fact]
    public void A_product_whose_bias_is_added_in_a_branch_stays_whole()
    {
        string product = Product("rows");
        model.Add(OnnxTensor.Of("yes", [1L]));
        Add("ReduceMin", ["attention_mask"], "least", ("keepdims", 0));
        Add("Equal", ["least", "yes"], "whole");
        Add(
            "If", ["whole"], "chosen", ("then_branch", Branch("then", "Add", [product, "bias"])),
            ("else_branch", Branch("else", "Tanh", ["rows"])));
        End("chosen");
    }

    private static GraphProto Branch(string name, string op, string[] inputs)
    {
        var branch = new GraphProto { Name = name };
        branch.Node.Add(Nodes.Make(op, "", inputs, $"{name}.y"));
        branch.Output.Add(OnnxAttributes.Value($"{name}.y", OnnxElementType.Float, ["tokens", $"{Width}"]));
        return branch;
    }

    private void Constant(string name, params long[] shape) =>
        model.Add(OnnxTensor.Of(
            name,
            [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)(random.NextDouble() - 0.5))], shape));

    private void Add(string op, string[] inputs, string output, params (string, object)[] attributes) =>
        model.Graph.Node.Add(Nodes.Make(op, "", inputs, output, attributes));

    private void Norm(string x, string output) => Add("LayerNormalization", [x, "gain", "bias"], output);

    private string Product(string x)
    {
        Constant($"{x}.matrix", Width, Width);
        Add("MatMul", [x, $"{x}.matrix"], $"{x}.product");
        return $"{x}.product";
    }

    private string Linear(string x)
    {
        Add("Add", [Product(x), "bias"], $"{x}.linear");
        return $"{x}.linear";
    }

    private void End(string rows, string op = "")
    {
        Add("Reshape", [rows, "dimensions"], "output");
        Compare(op);
    }

    // Rows of other dimensions would be altogether others; those that are right differ by the bytes of one product or two.
    private void Compare(string op = "")
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.onnx");
        Quantizer.Quantize(model);
        OnnxWriter.Write(model, file);
        OnnxModel fused = OnnxReader.Read(file);
        Assert.True(RowFusion.Apply(fused));
        if (op.Length > 0) Assert.Contains(fused.Graph.Node, node => node.OpType == op);
        using OrtEncoderSession ours = OrtEncoderSession.Open(file, new EncoderSessionOptions()),
            theirs = OrtEncoderSession.Open(file, new EncoderSessionOptions { FuseRows = false });
        foreach ((int batch, int length) in ((int, int)[])[(1, 1), (1, 7), (3, 1), (3, 7), (7, 7)])
        {
            float[] expected = Rows(theirs, batch, length), rows = Rows(ours, batch, length);
            for (int i = 0; i < rows.Length; i++) Assert.Equal(expected[i], rows[i], op.Length > 0 ? 0.06 : 0.02);
        }
    }

    private static float[] Rows(OrtEncoderSession session, int batch, int length)
    {
        int tokens = batch * length;
        float[] rows = new float[tokens * Width];
        session.Run(
            batch, length, [.. Enumerable.Range(0, tokens).Select(i => (i * 7) % 60)], [.. Enumerable.Repeat((byte)1, tokens)], rows,
            TestContext.Current.CancellationToken);
        return rows;
    }
}
