namespace ColbertOnnx.Native;

/// <summary>A piece of a graph that a session gave to one execution provider.</summary>
/// <param name="Provider">The provider in ONNX Runtime's words.</param>
/// <param name="Operators">The operator of each node.</param>
internal sealed record OrtAssignedNodes(string Provider, IReadOnlyList<string> Operators);
