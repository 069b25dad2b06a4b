namespace ColbertOnnx.Diagnostics;

/// <summary>One call, ready for the engine.</summary>
/// <param name="Texts">Numbers of the texts that its rows are of.</param>
internal readonly record struct PreparedBatch(int Length, int[] Ids, byte[] Mask, int[] Texts)
{
    public int Count => Texts.Length;

    /// <summary>Rows of the call: those of the texts, then empty ones where a provider wants full calls.</summary>
    public int Rows => Ids.Length / Length;
}
