namespace ColbertOnnx.Quantization;

/// <summary>Every matrix product and table of a graph, in the order of the graph.</summary>
internal sealed record QuantizationReport(IReadOnlyList<QuantizedNode> Nodes)
{
    /// <summary>Matrix products that are INT8 now.</summary>
    public int Products => Nodes.Count(node => node.IsQuantized && node.Operator != "Gather");

    /// <summary>Embedding tables that are INT8 now.</summary>
    public int Tables => Nodes.Count(node => node.IsQuantized && node.Operator == "Gather");

    public IEnumerable<QuantizedNode> Kept => Nodes.Where(node => !node.IsQuantized);
}
