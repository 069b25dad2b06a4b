using ColbertOnnx.Onnx.Proto;

namespace ColbertOnnx.Onnx;

/// <summary>
/// How many nodes a graph has when its functions are written out, as ONNX Runtime does it. Of functions that use each other twice each, a
/// file of a thousand bytes makes millions.
/// </summary>
internal static class FunctionCheck
{
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelInvalid"/>: too many, or a function within itself.</exception>
    public static void Run(ModelProto model, string path)
    {
        var functions = new Dictionary<(string Domain, string Name), FunctionProto>();
        foreach (FunctionProto function in model.Functions) functions[(function.Domain, function.Name)] = function;
        var counted = new Dictionary<FunctionProto, long>(ReferenceEqualityComparer.Instance);
        Count(model.Graph.Node, depth: 0);

        long Count(IEnumerable<NodeProto> nodes, int depth)
        {
            if (depth > Limits.DeepestFunctions)
                throw OnnxReader.Invalid(
                    path,
                    FormattableString.Invariant(
                        $"its functions lie more than {Limits.DeepestFunctions} deep in each other (DeepestFunctions)"));
            long sum = 0;
            foreach (NodeProto node in nodes)
            {
                sum += functions.TryGetValue((node.Domain, node.OpType), out FunctionProto? function) ? CountOf(function, depth + 1) : 1;
                foreach (AttributeProto attribute in node.Attribute)
                    if (attribute.G is { } branch) sum += Count(branch.Node, depth);
                if (sum > Limits.MostInlinedNodes)
                    throw OnnxReader.Invalid(
                        path,
                        FormattableString.Invariant(
                            $"with its functions written out it has more than {Limits.MostInlinedNodes} operators (MostInlinedNodes)"));
            }

            return sum;
        }

        long CountOf(FunctionProto function, int depth)
        {
            if (!counted.TryGetValue(function, out long count)) counted[function] = count = Count(function.Node, depth);
            return count;
        }
    }
}
