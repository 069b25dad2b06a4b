namespace ColbertOnnx.Modeling;

/// <summary>
/// One linear layer behind the backbone: activation(W x + b), plus the residual. Its weights are <c>linear.weight</c> [out, in],
/// <c>linear.bias</c> and, where a residual changes the width, <c>residual.weight</c>.
/// </summary>
/// <param name="Folder">Full path of the folder with its weights; in Stanford's layout the checkpoint itself.</param>
/// <param name="Name">The folder as modules.json names it; empty in Stanford's layout.</param>
/// <param name="Activation">Path of the class in torch, such as <c>torch.nn.modules.activation.GELU</c>.</param>
internal sealed record DenseModule(string Folder, string Name, string Activation)
{
    public const string Identity = "torch.nn.modules.linear.Identity";

    /// <summary>Null: what the weights say.</summary>
    public int? InFeatures { get; init; }

    /// <summary>Null: what the weights say.</summary>
    public int? OutFeatures { get; init; }

    public bool Bias { get; init; }

    public bool UseResidual { get; init; }
}
