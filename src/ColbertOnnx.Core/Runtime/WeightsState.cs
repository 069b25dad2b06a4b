namespace ColbertOnnx.Runtime;

/// <summary>What an entry of the cache is good for.</summary>
internal enum WeightsState
{
    /// <summary>Not there, not finished, cut off, changed, of another machine, or open to others' changes.</summary>
    Broken,

    Whole,

    /// <summary>Packed weights gave other values or an error here: the graph is opened from its own file.</summary>
    Unusable,

    /// <summary>Somebody else's: neither used nor replaced.</summary>
    Foreign,
}
