using ColbertOnnx.Modeling;

namespace ColbertOnnx.Export;

/// <summary>Activation functions by the names of transformers' ACT2FN, and by those of torch.nn's classes.</summary>
internal static class Activations
{
    /// <summary>The function that a field of config.json names.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ArchitectureUnsupported"/>.</exception>
    public static string Apply(GraphBuilder graph, CheckpointConfig config, string field, string fallback, string x) =>
        Apply(graph, config.Text(field) ?? fallback, x) ?? throw config.Unsupported(field);

    /// <summary>The function of a Dense module, with the class's own default parameters.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ArchitectureUnsupported"/>.</exception>
    public static string Apply(GraphBuilder graph, DenseModule dense, string x)
    {
        string name = dense.Activation[(dense.Activation.LastIndexOf('.') + 1)..];
        return name switch
        {
            "LeakyReLU" => graph.Node("LeakyRelu", [x], ("alpha", 0.01f)),
            "ELU" => graph.Node("Elu", [x]),
            "Softplus" => graph.Node("Softplus", [x]),
            "GELU" or "Identity" or "ReLU" or "Sigmoid" or "SiLU" or "Tanh" => Apply(graph, name.ToLowerInvariant(), x)!,
            _ => throw new ColbertException(
                ColbertErrorId.ArchitectureUnsupported,
                $"The module '{dense.Name}' has activation_function = \"{dense.Activation}\", which is not built here.",
                Path.Combine(dense.Folder, "config.json"),
                "Known are Identity, ReLU, LeakyReLU, ELU, GELU, SiLU, Sigmoid, Softplus and Tanh of torch.nn."),
        };
    }

    private static string? Apply(GraphBuilder graph, string name, string x) => name switch
    {
        "gelu" or "gelu_python" => graph.Node("Gelu", [x]),
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => graph.Node("Gelu", [x], ("approximate", "tanh")),
        "relu" => graph.Node("Relu", [x]),
        "silu" or "swish" => graph.Mul(x, graph.Node("Sigmoid", [x])),
        "sigmoid" => graph.Node("Sigmoid", [x]),
        "tanh" => graph.Node("Tanh", [x]),
        "identity" or "linear" => x,
        _ => null,
    };
}
