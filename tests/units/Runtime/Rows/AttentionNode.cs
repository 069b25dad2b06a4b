using ColbertOnnx.Native;
using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Tests.Runtime.Rows;

/// <summary>One operator in a graph of its own: AttentionRows, or the library's Attention with a mask of all rows.</summary>
internal sealed class AttentionNode : IDisposable
{
    private readonly InferenceSession session;
    private readonly bool isOurs;

    // The library wants to know how wide a row is before it runs.
    private AttentionNode(bool isOurs, NodeProto node, int width = 0)
    {
        this.isOurs = isOurs;
        var model = new OnnxModel(new ModelProto { IrVersion = 10, Graph = new GraphProto { Name = "attention" } });
        model.Import("", 23);
        model.Import(RowOperators.Domain, 1);
        foreach (string input in (string[])["q", "k", "v"])
            model.Graph.Input.Add(OnnxAttributes.Value(input, OnnxElementType.Float, ["a", "b", width > 0 ? $"{width}" : $"{input}c"]));
        model.Graph.Input.Add(OnnxAttributes.Value("mask", OnnxElementType.Bool, ["a", "d", "e", "f"]));
        model.Graph.Output.Add(OnnxAttributes.Value("y", OnnxElementType.Float, ["a", "b", "g"]));
        model.Graph.Node.Add(node);
        _ = OrtEnvironment.Instance;
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        OrtManaged.AddOperators(options);
        session = new InferenceSession(OnnxWriter.ToArray(model, ""), options);
    }

    public static AttentionNode Ours(
        int heads, int keyHeads, float scale = 0, int before = AttentionSettings.All, int after = AttentionSettings.All)
    {
        (string, object)[] attributes =
        [
            (RowOperators.Heads, heads), (RowOperators.KeyHeads, keyHeads), (RowOperators.Scale, scale),
            (RowOperators.Before, before), (RowOperators.After, after),
        ];
        return new(true, Nodes.Make(RowOperators.AttentionRows, RowOperators.Domain, ["q", "k", "v", "mask"], "y", attributes));
    }

    public static AttentionNode Theirs(int heads, int width)
    {
        (string, object)[] attributes = [("q_num_heads", heads), ("kv_num_heads", heads)];
        return new(false, Nodes.Make("Attention", "", ["q", "k", "v", "mask"], "y", attributes), heads * width);
    }

    /// <param name="x">Queries, keys and values.</param>
    /// <param name="mask">For each text its keys that are seen.</param>
    public float[] Run(AttentionNumbers x, params bool[][] mask)
    {
        int length = x.Length, texts = mask.Length;
        float[] result = new float[x.Queries.Length];
        int rows = isOurs ? 1 : length;
        bool[] seen = [.. mask.SelectMany(keys => Enumerable.Repeat(keys, rows).SelectMany(row => row))];
        long[] dimensions = [texts, length, x.Heads * x.Width], keyDimensions = [texts, length, x.KeyHeads * x.Width];
        using OrtValue q = Value(x.Queries, dimensions), k = Value(x.Keys, keyDimensions), v = Value(x.Values, keyDimensions);
        using OrtValue m = Value(seen, [texts, 1, rows, length]), y = Value(result, dimensions);
        using var options = new RunOptions();
        session.Run(options, ["q", "k", "v", "mask"], [q, k, v, m], ["y"], [y]);
        return result;
    }

    public void Dispose() => session.Dispose();

    private static OrtValue Value<T>(T[] numbers, long[] dimensions)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(numbers, dimensions);
}
