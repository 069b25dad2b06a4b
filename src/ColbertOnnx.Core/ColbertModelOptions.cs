namespace ColbertOnnx;

/// <summary>How a model is opened and run. What is null is decided by the model folder, then by the default.</summary>
public sealed record ColbertModelOptions
{
    /// <summary>True: model_int8.onnx; false: model.onnx; null: model.onnx where it is, otherwise model_int8.onnx.</summary>
    public bool? Quantized { get; init; }

    /// <summary>
    /// Lanes over one set of weights; default: the CPUs that the process may use, and that Slurm gave its task (SLURM_CPUS_PER_TASK),
    /// divided by <see cref="ThreadsPerSession"/>. No more batches run at once than there are such CPUs.
    /// </summary>
    public int? Sessions { get; init; }

    /// <summary>
    /// Threads inside one operator; default 1, and from the second single text on for such texts of a model with packed weights one for
    /// each CPU that the process may use; at most four times that. A number that is given holds for single texts too.
    /// </summary>
    public int? ThreadsPerSession { get; init; }

    /// <summary>
    /// Batch size: most texts in one batch; default: planned by length. No batch has more than about 16,384 tokens, or 2,048 for each of
    /// more than eight lanes: 92 texts of 180. Texts above 512 tokens, and all texts of an INT8 graph whose scales are those of a whole
    /// batch, are never batched.
    /// </summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// The token that marks a query, instead of the model's; empty: none. An exported folder takes only what is a token of its tokenizer.
    /// </summary>
    public string? QueryPrefix { get; init; }

    /// <summary>The token that marks a document, instead of the model's; empty: none.</summary>
    public string? DocumentPrefix { get; init; }

    /// <summary>Name of one of the model's prompts: it goes in front of every text, query or document.</summary>
    public string? PromptName { get; init; }

    /// <summary>Text that goes in front of every text; empty: none. It wins over <see cref="PromptName"/>.</summary>
    public string? Prompt { get; init; }

    /// <summary>
    /// Most tokens of a query, prefix and special tokens included; null: the model's. At least 1, at most the positions of the graph.
    /// </summary>
    public int? QueryLength { get; init; }

    /// <summary>
    /// Most tokens of a document, prefix and special tokens included; null: the model's. At least 1, at most the positions of the graph.
    /// </summary>
    public int? DocumentLength { get; init; }

    /// <summary>Whether short queries are expanded with the mask token; null: as the model says.</summary>
    public QueryExpansion? QueryExpansion { get; init; }

    /// <summary>Words whose token vectors are left out of documents; replaces the model's list.</summary>
    public IReadOnlyList<string>? Skiplist { get; init; }

    /// <summary>Documents keep about one token vector of this many; 1 (default): no pooling.</summary>
    public int? PoolFactor { get; init; }

    /// <summary>Leading token vectors that pooling leaves alone; default 1.</summary>
    public int? ProtectedTokens { get; init; }

    /// <summary>
    /// What the model runs on, in order of preference: names as <see cref="ColbertRuntime.GetExecutionProviders"/> lists them. The CPU is
    /// always the last; default: the CPU alone. A provider that is missing, or that runs nothing of the graph, is reported by
    /// <see cref="ColbertModel.Warnings"/>.
    /// </summary>
    public IReadOnlyList<string>? ExecutionProviders { get; init; }

    /// <summary>
    /// Options for the providers in ONNX Runtime's words, such as <c>device_id</c>; each goes to every provider of the list that knows it.
    /// </summary>
    public IReadOnlyDictionary<string, string>? ProviderOptions { get; init; }

    /// <summary>
    /// File of a plug-in library for ONNX Runtime, whose providers can be named then; without names they are used in its order.
    /// </summary>
    public string? ProviderLibrary { get; init; }

    /// <summary>
    /// A provider that is missing, or that runs nothing of the graph, is an error (<see cref="ColbertErrorId.ProviderUnavailable"/>).
    /// </summary>
    public bool RequireProvider { get; init; }

    /// <summary>
    /// Writes what every operator of every batch took, and where it ran, to PATH_DATE.json when the model is closed: ONNX Runtime's own
    /// profile, up to a million operators, as trace viewers read it. Batches are slower by it, and packed weights are not used.
    /// </summary>
    public string? ProfilePath { get; init; }
}
