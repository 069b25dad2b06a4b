namespace ColbertOnnx.Hub;

/// <summary>What of a repository is wanted.</summary>
internal enum HubContent
{
    /// <summary>An exported graph with its settings and tokenizer where the repository has one, otherwise the checkpoint.</summary>
    Model,

    /// <summary>The checkpoint: weights, configuration, modules and tokenizer, whether or not there is a graph as well.</summary>
    Checkpoint,
}
