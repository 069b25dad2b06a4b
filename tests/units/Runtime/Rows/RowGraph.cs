using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Quantization;
using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Rows;

namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>
/// A small graph of linear maps and what stands between them, quantized: rows of a table go in, and it runs with our operators and with the
/// library's.
/// </summary>
internal sealed class RowGraph
{
    private readonly OnnxModel model = new(new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = "rows" } });
    private readonly Random random = new(5);
    private readonly int width;
    private int names;

    /// <param name="width">Of a row of the table.</param>
    /// <param name="table">Rows. Fewer than the quantizer takes.</param>
    public RowGraph(int width, float[][] table)
    {
        this.width = width;
        model.Import("", 20);
        foreach (string input in (string[])["input_ids", "attention_mask"])
            model.Graph.Input.Add(OnnxAttributes.Value(input, OnnxElementType.Int64, ["batch", "length"]));
        model.Graph.Output.Add(OnnxAttributes.Value("output", OnnxElementType.Float, ["batch", "length", $"{width}"]));
        model.Add(OnnxTensor.Of("table", [.. table.SelectMany(row => row)], table.Length, width));
        model.Add(OnnxTensor.Of("flat", [-1L, width], 2));
        model.Add(OnnxTensor.Of("width", [(long)width], 1));
        Input = Node("Reshape", [Node("Gather", ["table", "input_ids"]), "flat"]);
    }

    /// <summary>[tokens, width].</summary>
    public string Input { get; }

    public OnnxModel Model => model;

    public string Node(string op, string[] inputs, params (string, object)[] attributes)
    {
        string output = $"v{names++}";
        model.Graph.Node.Add(Nodes.Make(op, "", inputs, output, attributes));
        return output;
    }

    public string Constant(float scale, params long[] shape)
    {
        string name = $"c{names++}";
        model.Add(OnnxTensor.Of(
            name,
            [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)(random.NextDouble() - 0.5) * scale)],
            shape));
        return name;
    }

    public string Linear(string x, int inputs, int outputs, bool bias = true)
    {
        string product = Node("MatMul", [x, Constant(4 / MathF.Sqrt(inputs), inputs, outputs)]);
        return bias ? Node("Add", [product, Constant(1, outputs)]) : product;
    }

    /// <summary>Quantizes it, and runs it with our operators and with the library's; gives how often each of ours is there.</summary>
    public (float[] Ours, float[] Theirs, IReadOnlyDictionary<string, int> Operators) Run(string rows, int[] ids)
    {
        model.Graph.Node.Add(Nodes.Make(
            "Reshape", "", [rows, Node("Concat", [Node("Shape", ["input_ids"]), "width"], ("axis", 0))], "output"));
        using var folder = new TemporaryFolder();
        string file = folder.File("model.onnx");
        Quantizer.Quantize(model);
        OnnxWriter.Write(model, file);
        OnnxModel fused = OnnxReader.Read(file);
        Assert.True(RowFusion.Apply(fused));
        using OrtEncoderSession ours = OrtEncoderSession.Open(file, new EncoderSessionOptions()),
            theirs = OrtEncoderSession.Open(file, new EncoderSessionOptions { FuseRows = false });
        return (
            Rows(ours), Rows(theirs),
            fused.Graph.Node.GroupBy(node => node.OpType).ToDictionary(group => group.Key, group => group.Count()));

        float[] Rows(OrtEncoderSession session)
        {
            float[] output = new float[ids.Length * width];
            session.Run(1, ids.Length, ids, [.. Enumerable.Repeat((byte)1, ids.Length)], output, TestContext.Current.CancellationToken);
            return output;
        }
    }
}
