namespace ColbertOnnx.Modeling;

/// <summary>The formats in which ColBERT checkpoints are published.</summary>
internal enum CheckpointLayout
{
    /// <summary>PyLate, and sentence-transformers models that PyLate loads: modules.json and config_sentence_transformers.json.</summary>
    PyLate,

    /// <summary>
    /// The original ColBERT: config.json names HF_ColBERT, the projection is <c>linear.weight</c> of the weights, artifact.metadata holds
    /// the settings.
    /// </summary>
    Stanford,

    /// <summary>MultiVectorEncoder of sentence-transformers 6: modules.json, with the mask, normalization and pooling as modules.</summary>
    MultiVectorEncoder,
}
