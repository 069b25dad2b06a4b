namespace ColbertOnnx.Modeling;

/// <summary>Lengths at which exported graphs change their way of computing.</summary>
internal static class GraphLimits
{
    /// <summary>
    /// Inputs of more tokens go by blocks where attention is local, and through one operator without a matrix of [length, length] where it
    /// is global: equal to rounding, not bit for bit, so such sequences are not batched. From some 400 tokens on blocks are faster.
    /// </summary>
    public const int BlockedFrom = 512;
}
