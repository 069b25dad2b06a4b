namespace ColbertOnnx;

/// <summary>ColBERT encodes queries and documents differently: prefix, length, expansion, skiplist, pooling.</summary>
public enum TextKind
{
    /// <summary>A question, or words to search for.</summary>
    Query,

    /// <summary>A text that is searched.</summary>
    Document,
}
