using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Quantization;

/// <summary>
/// Writes down how activations become bytes. Each row has a scale of its own, from its own elements: what else is in the batch does not
/// matter, and one row of large values does not coarsen the others.
/// </summary>
internal sealed class ActivationQuantizer(OnnxModel model, GraphNames names, Ranks ranks, IReadOnlyDictionary<string, NodeProto> producers)
{
    private readonly Dictionary<string, string> constants = new(StringComparer.Ordinal);
    private readonly int opset = model.Proto.OpsetImport.First(set => set.Domain is "" or "ai.onnx") is { Version: var version }
        ? (int)version
        : 0;

    public QuantizedActivations Write(string x, int columns, IList<NodeProto> target)
    {
        string Add(string op, string suffix, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string, object)> attributes)
        {
            string name = names.New($"{x}/{suffix}");
            target.Add(Nodes.Make(op, "", inputs, name, attributes));
            return name;
        }

        string? dimensions = null;
        string rows = x;
        if (ranks.Of(x) != 2)
        {
            string shape = Add("Shape", "shape", [x]);
            dimensions = Add("Slice", "sides", [shape, Constant(0), Constant(-1)]);
            rows = Add("Reshape", "rows", [x, Constant(-1, columns)]);
        }

        ValueRange range = ValueRange.Of(x, producers);
        string scales = range.Lowest is { } lowest ? Asymmetric(range.ZeroPoint, lowest) : Symmetric();
        string list = Add("Reshape", "steps", [scales, Constant(-1)]);

        // A zero point for each row. A scale that is huge leaves nothing but the zero point: one operator instead of three.
        string zeros = Add("QuantizeLinear", "zeros", [list, Constant(float.MaxValue), Byte(range.ZeroPoint)]);
        return new QuantizedActivations(Add("QuantizeLinear", "int8", [rows, list, zeros], ("axis", 0)), scales, range, dimensions);

        string Largest(string value)
        {
            return opset < 18
                ? Add("ReduceMax", "largest", [value], ("axes", new long[] { -1 }), ("keepdims", 1))
                : Add("ReduceMax", "largest", [value, Constant(-1)], ("keepdims", 1));
        }

        string Asymmetric(byte zeroPoint, float lowest)
        {
            string scale = Add("Mul", "step", [Largest(rows), Constant(1f / (byte.MaxValue - zeroPoint))]);
            return zeroPoint == 0 ? scale : Add("Max", "step", [scale, Constant(lowest / zeroPoint)]);
        }

        // Half of the operators of a largest and a smallest value, and as fast.
        string Symmetric() => Add("Mul", "step", [Largest(Add("Abs", "magnitudes", [rows])), Constant(1f / SymmetricScale.Largest)]);
    }

    public string Constant(float value) => Constant(FormattableString.Invariant($"int8/{value:R}"), name => OnnxTensor.Of(name, [value]));

    public string Byte(byte value) => Constant(FormattableString.Invariant($"int8/byte {value}"), name => OnnxTensor.Of(name, [value]));

    public string Constant(params ReadOnlySpan<long> values)
    {
        long[] copy = values.ToArray();
        return Constant($"int8/[{string.Join(",", copy)}]", name => OnnxTensor.Of(name, copy, copy.Length));
    }

    private string Constant(string wanted, Func<string, OnnxTensor> create)
    {
        if (constants.TryGetValue(wanted, out string? known)) return known;
        string name = constants[wanted] = names.New(wanted);
        model.Add(create(name));
        return name;
    }
}
