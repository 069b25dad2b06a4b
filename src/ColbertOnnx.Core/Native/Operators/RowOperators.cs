namespace ColbertOnnx.Native.Operators;

/// <summary>The names of our operators in a graph.</summary>
internal static class RowOperators
{
    public const string Domain = "colbertonnx";
    public const string QuantizeRows = "QuantizeRows";
    public const string ScaleRows = "ScaleRows";
    public const string GeluRows = "GeluRows";
    public const string GateRows = "GateRows";
    public const string NormRows = "NormRows";
    public const string AttentionRows = "AttentionRows";
    public const string Heads = "heads", KeyHeads = "key_heads", Scale = "scale", Before = "before", After = "after";
    public const string Epsilon = "epsilon", KeepsNorm = "keeps_norm";
    public const string Symmetric = "symmetric", Factor = "factor", SmallestScale = "smallest_scale", ZeroPoint = "zero_point",
        OwnZeroPoint = "own_zero_point";
}
