namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>What an array is for, as its name says.</summary>
internal enum ArrayRole
{
    /// <summary>Rows of embeddings.</summary>
    Rows,

    /// <summary>Where each text's rows begin, with the end of the last.</summary>
    Offsets,

    /// <summary>How many rows each text has.</summary>
    Lengths,

    /// <summary>Which rows of a padded text count.</summary>
    Mask,

    /// <summary>A factor for each row of int8.</summary>
    Scales,

    /// <summary>A name for each text.</summary>
    Ids,

    /// <summary>JSON Lines about the texts.</summary>
    Texts,
}
