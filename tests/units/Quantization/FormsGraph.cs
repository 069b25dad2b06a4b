using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Quantization;

/// <summary>One graph with a product of every kind: behind a Transpose, Gemm, in both branches of an If, too small, computed.</summary>
internal static class FormsGraph
{
    public const int Width = 32;

    public static OnnxModel Build()
    {
        var model = new OnnxModel(new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = "forms" } });
        model.Import("", 20);
        var random = new Random(11);
        void Constant(string name, params long[] shape)
        {
            float[] values =
            [
                .. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)((random.NextDouble() - 0.5) * 0.6)),
            ];
            model.Add(OnnxTensor.Of(name, values, shape));
        }

        Constant("table", 300, Width);
        Constant("w1", 48, Width);
        Constant("w2", 40, 48);
        Constant("bias", 40);
        Constant("w3", 40, Width);
        Constant("w4", Width, 8);
        Constant("w4.square", Width, Width);
        model.Add(OnnxTensor.Of("one", [1L]));
        model.Add(OnnxTensor.Of("flat", [-1L, 48], 2));
        model.Add(OnnxTensor.Of("width", [(long)Width], 1));

        GraphProto graph = model.Graph;
        graph.Input.Add(OnnxAttributes.Value("input_ids", OnnxElementType.Int64, ["batch", "length"]));
        graph.Input.Add(OnnxAttributes.Value("attention_mask", OnnxElementType.Int64, ["batch", "length"]));
        NodeProto Add(string op, string[] inputs, string output, params (string, object)[] attributes)
        {
            NodeProto node = Nodes.Make(op, "", inputs, output, attributes);
            graph.Node.Add(node);
            return node;
        }

        Add("Gather", ["table", "input_ids"], "x");
        Add("Transpose", ["w1"], "w1.turned", ("perm", new long[] { 1, 0 }));
        Add("MatMul", ["x", "w1.turned"], "y1").Name = "transposed"; // [batch, length, 48]
        Add("Reshape", ["y1", "flat"], "y1.flat");
        Add("Gemm", ["y1.flat", "w2", "bias"], "y2", ("transB", 1)).Name = "gemm";
        Add("ReduceMin", ["attention_mask"], "least", ("keepdims", 0));
        Add("Equal", ["least", "one"], "whole");
        Add("If", ["whole"], "y3", ("then_branch", Branch("then")), ("else_branch", Branch("else")));
        Add("Transpose", ["y3"], "y3.turned", ("perm", new long[] { 1, 0 }));
        Add("MatMul", ["y3", "y3.turned"], "square").Name = "computed";
        Add("Gemm", ["y3", "w4.square"], "y5", ("alpha", 0.5f)).Name = "scaled gemm";
        Add("MatMul", ["y5", "w4"], "y6").Name = "tiny";
        Add("Shape", ["input_ids"], "shape");
        Add("Concat", ["shape", "width"], "sides", ("axis", 0));
        Add("ReduceSum", ["square"], "total", ("keepdims", 0));
        Add("ReduceSum", ["y6"], "total.tiny", ("keepdims", 0));
        Add("Add", ["total", "total.tiny"], "totals");
        Add("Tanh", ["totals"], "little");
        Add("Add", ["y5", "little"], "y7");
        Add("Reshape", ["y7", "sides"], "output");
        graph.Output.Add(OnnxAttributes.Value("output", OnnxElementType.Float, ["batch", "length", $"{Width}"]));
        return model;
    }

    public static float[] Rows(string file)
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(file, new EncoderSessionOptions());
        float[] both = new float[2 * 8 * Width];
        int[] ids = [3, 299, 40, 5, 6, 70, 80, 9];
        session.Run(1, 8, ids, [1, 1, 1, 1, 1, 1, 1, 1], both.AsSpan(0, 8 * Width), TestContext.Current.CancellationToken);
        session.Run(2, 4, ids, [1, 1, 1, 0, 1, 1, 1, 1], both.AsSpan(8 * Width), TestContext.Current.CancellationToken);
        return both;
    }

    private static GraphProto Branch(string name)
    {
        var branch = new GraphProto { Name = name };
        branch.Node.Add(Nodes.Make("MatMul", "", ["y2", "w3"], $"{name}.y"));
        branch.Node[0].Name = name;
        branch.Output.Add(OnnxAttributes.Value($"{name}.y", OnnxElementType.Float, ["tokens", $"{Width}"]));
        return branch;
    }
}
