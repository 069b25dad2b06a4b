using System.Text.Json;

namespace ColbertOnnx.Diagnostics.Limit;

/// <summary>Multiply-adds of a graph's nodes, by the shapes that ONNX Runtime's profile has of each run.</summary>
internal static class ProductShapes
{
    private const string Kernel = "_kernel_time";

    /// <summary>The runs of a profile, in their order.</summary>
    public static List<MultiplyAdds> Runs(Stream profile)
    {
        using var json = JsonDocument.Parse(profile);
        List<MultiplyAdds> runs = [];
        MultiplyAdds sum = default;
        foreach (JsonElement e in json.RootElement.EnumerateArray())
        {
            string? name = e.TryGetProperty("name", out JsonElement found) ? found.GetString() : null;
            if (name == "model_run")
            {
                runs.Add(sum);
                sum = default;
            }
            else if (name?.EndsWith(Kernel, StringComparison.Ordinal) == true) sum += Of(e.GetProperty("args"));
        }

        return runs;
    }

    private static MultiplyAdds Of(JsonElement node)
    {
        string op = node.GetProperty("op_name").GetString()!;
        bool attends = op.Contains("Attention", StringComparison.Ordinal);
        if (!attends && !op.Contains("MatMul", StringComparison.Ordinal) && !op.Contains("Gemm", StringComparison.Ordinal)) return default;
        (string Type, long[] Shape)[] inputs = Shapes(node, "input_type_shape"), outputs = Shapes(node, "output_type_shape");
        if (inputs.Length == 0 || outputs.Length == 0) return default;
        double count = attends ? Attention(inputs, outputs[0].Shape) : Product(inputs[0].Shape, outputs[0].Shape);
        return inputs[0].Type is "uint8" or "int8" ? new(count, 0) : new(0, count);
    }

    // Scores and weighted sums: each element of the queries, and of the result, meets every key. Keys are [batch, tokens, hidden size] or
    // [batch, heads, tokens, head size].
    private static double Attention((string Type, long[] Shape)[] inputs, long[] output)
    {
        long[] keys = inputs.Length > 1 ? inputs[1].Shape : [];
        return keys.Length < 3 ? 0 : (Elements(inputs[0].Shape) + Elements(output)) * keys[^2];
    }

    // A constant second operand has no shape in a profile, for the kernel keeps it in a form of its own; the first and the result say
    // enough, transposed or not.
    private static double Product(long[] a, long[] result) =>
        a.Length == 0 ? 0 : Elements(result) * (a.Length == 1 || result.Length < 2 || a[^2] == result[^2] ? a[^1] : a[^2]);

    private static double Elements(long[] shape) => shape.Aggregate(1.0, (product, size) => product * size);

    private static (string Type, long[] Shape)[] Shapes(JsonElement node, string name) => node.TryGetProperty(name, out JsonElement found)
        ? [.. found.EnumerateArray().SelectMany(entry => entry.EnumerateObject())
            .Select(entry => (entry.Name, entry.Value.EnumerateArray().Select(size => size.GetInt64()).ToArray()))]
        : [];
}
