namespace ColbertOnnx.Embeddings;

/// <summary>One text of a file: its rows, and of the rest what the format has.</summary>
/// <param name="Values">Rows x Dimension values, row by row.</param>
/// <param name="Dimension">Dimension of each token vector; 0 when the file does not say it.</param>
/// <param name="Location">Where it stands, for people: "corpus.jsonl:17", "corpus.npz: doc_000016".</param>
internal sealed record StoredEmbedding(float[] Values, int Dimension, string Location)
{
    public string? Id { get; init; }

    public string? Text { get; init; }

    public TextKind? Kind { get; init; }

    public bool IsTruncated { get; init; }

    /// <summary>What the format calls the array; null: it has no names.</summary>
    public string? Name { get; init; }

    /// <summary>Name of the model, where the file says it.</summary>
    public string? Model { get; init; }

    public IReadOnlyList<int>? TokenIds { get; init; }

    public IReadOnlyList<(int Start, int End)>? TokenOffsets { get; init; }

    public int Rows => Dimension == 0 ? 0 : Values.Length / Dimension;

    /// <summary>As the rest of the library knows it. A text that the format lacks is empty.</summary>
    /// <param name="otherwise">The kind where the format has none.</param>
    public ColbertEmbedding ToEmbedding(TextKind otherwise = TextKind.Document) =>
        new(Kind ?? otherwise, Text ?? "", Values, Dimension)
        {
            Id = Id,
            Source = Location,
            ModelId = Model,
            IsTruncated = IsTruncated,
            TokenIds = TokenIds,
            TokenOffsets = TokenOffsets,
        };
}
