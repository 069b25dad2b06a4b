namespace ColbertOnnx.Native.Operators;

/// <summary>How NormRows works.</summary>
/// <param name="How">How the rows of the norm become bytes, by their magnitudes or with zero points of their own.</param>
/// <param name="Epsilon">Is added to the variance.</param>
/// <param name="KeepsNorm">What the third output has: the norm, which later rows are added to (post-norm), else the sum itself
/// (pre-norm).</param>
internal readonly record struct NormSettings(RowQuantization How, float Epsilon, bool KeepsNorm);
