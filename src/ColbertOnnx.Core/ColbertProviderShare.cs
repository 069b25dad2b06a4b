using System.Globalization;

namespace ColbertOnnx;

/// <summary>The part of a graph that an execution provider runs, as the open session reports it.</summary>
public sealed record ColbertProviderShare
{
    /// <summary>The provider, by the name that <see cref="ColbertRuntime.ProviderNames"/> has for it.</summary>
    public required string Name { get; init; }

    /// <summary>ONNX Runtime's name of it.</summary>
    public required string OnnxRuntimeName { get; init; }

    /// <summary>Nodes of the graph that it runs.</summary>
    public required int Nodes { get; init; }

    /// <summary>Nodes of the whole graph.</summary>
    public required int AllNodes { get; init; }

    /// <summary>Those that multiply matrices, which is nearly all of an encoder's arithmetic.</summary>
    public required int MatrixProducts { get; init; }

    /// <summary>Matrix products of the whole graph.</summary>
    public required int AllMatrixProducts { get; init; }

    /// <summary>Its part of the work, 0 to 1: by matrix products, and by nodes where a graph has none.</summary>
    public double Share => AllMatrixProducts > 0 ? (double)MatrixProducts / AllMatrixProducts : AllNodes > 0 ? (double)Nodes / AllNodes : 0;

    /// <summary>One line for people.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name} runs {Nodes} of {AllNodes} nodes and {MatrixProducts} of {AllMatrixProducts} matrix products");
}
