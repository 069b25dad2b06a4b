namespace ColbertOnnx.Native.Operators;

/// <summary>
/// Which keys of a text its rows see: those from the first to the last that the mask shows, mostly all of them. Keys are counted from the
/// first of these on.
/// </summary>
internal readonly unsafe struct KeyRange
{
    private readonly byte* mask;

    /// <param name="mask">For each key whether it is seen; null: all are.</param>
    /// <param name="length">How many keys there are.</param>
    public KeyRange(byte* mask, int length)
    {
        this.mask = mask;
        int from = 0, to = length;
        if (mask != null)
        {
            // Loops of our own: the framework's vectors would be compiled anew in each process.
            while (to > 0 && mask[to - 1] == 0) to--;
            while (from < to && mask[from] == 0) from++;
            for (int i = from; i < to && !HasHoles; i++) HasHoles = mask[i] == 0;
        }

        From = from;
        Count = to - from;
    }

    /// <summary>The first key that is seen.</summary>
    public readonly int From;

    public readonly int Count;

    /// <summary>Not all of them are seen.</summary>
    public readonly bool HasHoles;

    /// <summary>The first key that a row may see.</summary>
    public int Low(int row, int before) => (int)Math.Clamp((long)row - before - From, 0, Count);

    /// <summary>One more than the last.</summary>
    public int High(int row, int after) => (int)Math.Clamp((long)row + after + 1 - From, 0, Count);

    /// <param name="hidden">What is added to each key's scores.</param>
    /// <param name="seen">How many keys are seen up to each, without it.</param>
    public void Fill(float* hidden, int* seen)
    {
        int so = 0;
        for (int i = 0; i < Count; i++)
        {
            bool isSeen = mask[From + i] != 0;
            hidden[i] = isSeen ? 0 : float.NegativeInfinity;
            seen[i] = so;
            if (isSeen) so++;
        }
    }

    /// <summary>Whether a row sees any key at all.</summary>
    public bool Sees(int row, in AttentionSettings settings, int* seen)
    {
        int low = Low(row, settings.Before), high = High(row, settings.After);
        return low < high && (!HasHoles || seen[high - 1] - seen[low] + (mask[From + high - 1] != 0 ? 1 : 0) > 0);
    }
}
