namespace ColbertOnnx.Diagnostics;

/// <summary>Why the rows of a text are not the reference's, as far as rows and tokens tell.</summary>
public enum ColbertParityCause
{
    /// <summary>The reference has no row for the prefix token ([Q] or [D]).</summary>
    PrefixMissing,

    /// <summary>The reference has a row for a prefix token, and this model's settings have none.</summary>
    PrefixExtra,

    /// <summary>The reference's queries are not expanded, or to fewer tokens.</summary>
    ExpansionMissing,

    /// <summary>The reference's queries are expanded to more tokens, or this model does not expand.</summary>
    ExpansionExtra,

    /// <summary>The reference leaves out rows of words that are on no skiplist here.</summary>
    SkiplistDropped,

    /// <summary>The reference keeps rows of words that are on the skiplist here.</summary>
    SkiplistKept,

    /// <summary>The reference cuts texts earlier.</summary>
    CutEarlier,

    /// <summary>The reference cuts texts later, or not at all.</summary>
    CutLater,

    /// <summary>The reference's documents are pooled (pool_factor), and these are not, or not as much.</summary>
    Pooled,

    /// <summary>This model pools documents, and the reference does not.</summary>
    NotPooled,

    /// <summary>The reference lacks the row of a special token.</summary>
    SpecialTokenMissing,

    /// <summary>The reference's rows are not unit vectors.</summary>
    NotNormalized,

    /// <summary>Rows are missing on one side, and the tokens do not say why.</summary>
    OtherRows,

    /// <summary>The rows are the same tokens, and the numbers differ.</summary>
    OtherNumbers,
}
