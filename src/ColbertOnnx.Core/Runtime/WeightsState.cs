namespace ColbertOnnx.Runtime;

/// <summary>What an entry of the cache is good for.</summary>
internal enum WeightsState
{
    /// <summary>Not there, not finished, cut off, changed, or of another machine.</summary>
    Broken,

    Whole,

    /// <summary>Packed weights gave other numbers or an error here: the graph is opened from its own file.</summary>
    Unusable,
}
