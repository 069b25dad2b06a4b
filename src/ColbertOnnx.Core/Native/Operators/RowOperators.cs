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
    public const string TwoSided = "two_sided", Factor = "factor", SmallestStep = "smallest_step", ZeroPoint = "zero_point",
        OwnZero = "own_zero";
}
