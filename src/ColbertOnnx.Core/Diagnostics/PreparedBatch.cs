namespace ColbertOnnx.Diagnostics;

/// <summary>One call, ready for the engine.</summary>
/// <param name="Texts">Numbers of the texts that its rows are of.</param>
internal readonly record struct PreparedBatch(int Length, int[] Ids, byte[] Mask, int[] Texts)
{
    public int Count => Texts.Length;
}
