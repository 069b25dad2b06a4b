namespace ColbertOnnx;

/// <summary>ColBERT encodes queries and documents differently: prefix, length, expansion, skiplist, pooling.</summary>
public enum TextKind
{
    Query,
    Document,
}
