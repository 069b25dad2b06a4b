using ColbertOnnx.Modeling;

namespace ColbertOnnx.Export;

/// <summary>Behind the backbone: each Dense module in order (docs/semantics.md, rule 12), then unit vectors (rule 13).</summary>
internal static class ProjectionHead
{
    /// <summary>[tokens, hidden size] to [tokens, dimension]; the dimension is that of the last module.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.WeightsInvalid"/>: a module lacks a tensor, or has one too many;
    /// <see cref="ColbertErrorId.ConfigurationInvalid"/>, <see cref="ColbertErrorId.ArchitectureUnsupported"/>.</exception>
    public static (string Vectors, int Dimension) Build(
        GraphBuilder graph, string x, int size, IReadOnlyList<DenseModule> modules, bool normalize)
    {
        using IDisposable scope = graph.Scope("head");
        for (int i = 0; i < modules.Count; i++)
        {
            using CheckpointWeights weights = CheckpointWeights.Open(modules[i].Folder);
            (x, size) = Dense(graph, x, size, modules[i], weights, FormattableString.Invariant($"head.{i}"));

            // Where the projection stands among the backbone's tensors, as in Stanford's layout, those are looked at as a whole.
            if (!IsSame(modules[i].Folder, graph.Weights.Folder)) RefuseUnused(modules[i], weights);
        }

        return (normalize ? Normalize(graph, x) : x, size);
    }

    private static (string Values, int Size) Dense(
        GraphBuilder graph, string x, int size, DenseModule module, CheckpointWeights weights, string name)
    {
        int inputs = module.InFeatures ?? size, outputs = module.OutFeatures ?? weights.Rows("linear.weight");
        if (inputs != size)
        {
            throw new ColbertException(
                ColbertErrorId.ConfigurationInvalid,
                FormattableString.Invariant(
                    $"The module '{module.Name}' has in_features = {inputs}, where {size} elements come out in front of it."),
                Path.Combine(module.Folder, "config.json"),
                "Check the order in modules.json.");
        }

        string y = graph.Linear(
            x, name, weights.Get([outputs, inputs], "linear.weight").Kept(),
            module.Bias ? weights.Get([outputs], "linear.bias").Kept() : null);
        y = Activations.Apply(graph, module, y);
        if (!module.UseResidual) return (y, outputs);
        string residual = inputs == outputs
            ? x
            : graph.Linear(x, $"{name}.residual", weights.Get([outputs, inputs], "residual.weight").Kept(), null);
        return (graph.Add(y, residual), outputs);
    }

    private static bool IsSame(string folder, string other) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    private static void RefuseUnused(DenseModule module, CheckpointWeights weights)
    {
        string[] unused = [.. weights.Unused];
        if (unused.Length == 0) return;
        throw new ColbertException(
            ColbertErrorId.WeightsInvalid,
            $"The module '{module.Name}' has tensors that its config.json has no place for: {ShownText.First(unused)}.",
            module.Folder,
            "Check bias and use_residual in its config.json; a graph without these tensors would give other vectors.");
    }

    private static string Normalize(GraphBuilder graph, string x)
    {
        string norm = graph.Node("ReduceL2", [x, graph.Constant(-1)], ("keepdims", 1));
        return graph.Node("Div", [x, graph.Node("Max", [norm, graph.Constant(1e-12f)])]);
    }
}
