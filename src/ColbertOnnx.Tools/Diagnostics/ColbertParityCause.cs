namespace ColbertOnnx.Diagnostics;

/// <summary>Why the token vectors of a text are not the reference's, as far as vectors and tokens tell.</summary>
public enum ColbertParityCause
{
    /// <summary>The reference has no token vector for the prefix token ([Q] or [D]).</summary>
    PrefixMissing,

    /// <summary>The reference has a token vector for a prefix token, and this model's settings have none.</summary>
    PrefixExtra,

    /// <summary>The reference's queries are not expanded, or to fewer tokens.</summary>
    ExpansionMissing,

    /// <summary>The reference's queries are expanded to more tokens, or this model does not expand.</summary>
    ExpansionExtra,

    /// <summary>The reference leaves out token vectors of words that are on no skiplist here.</summary>
    SkiplistDropped,

    /// <summary>The reference keeps token vectors of words that are on the skiplist here.</summary>
    SkiplistKept,

    /// <summary>The reference cuts texts earlier.</summary>
    CutEarlier,

    /// <summary>The reference cuts texts later, or not at all.</summary>
    CutLater,

    /// <summary>The reference's documents are pooled (pool_factor), and these are not, or not as much.</summary>
    Pooled,

    /// <summary>This model pools documents, and the reference does not.</summary>
    NotPooled,

    /// <summary>The reference lacks the token vector of a special token.</summary>
    SpecialTokenMissing,

    /// <summary>The reference's token vectors are not unit vectors.</summary>
    NotNormalized,

    /// <summary>Token vectors are missing here or in the reference, and the tokens do not say why.</summary>
    OtherRows,

    /// <summary>The token vectors are of the same tokens, and their values differ.</summary>
    OtherNumbers,
}
