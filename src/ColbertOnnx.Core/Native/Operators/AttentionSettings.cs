namespace ColbertOnnx.Native.Operators;

/// <summary>The attributes of an AttentionRows.</summary>
/// <param name="Heads">Of queries.</param>
/// <param name="KeyHeads">Of keys and values: as many query heads share one as there are more of them.</param>
/// <param name="Scale">Of the scores; 0: one over the root of the head size.</param>
/// <param name="Before">How many keys in front of its own a row sees at most.</param>
/// <param name="After">How many behind it.</param>
internal readonly record struct AttentionSettings(int Heads, int KeyHeads, float Scale, int Before, int After)
{
    /// <summary>As a <see cref="Before"/> or <see cref="After"/>: all.</summary>
    public const int All = int.MaxValue;

    public bool SeesAll => Before == All && After == All;
}
