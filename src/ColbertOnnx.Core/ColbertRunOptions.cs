using ColbertOnnx.Inputs;

namespace ColbertOnnx;

/// <summary>What a run reads and how its output is written.</summary>
public sealed record ColbertRunOptions
{
    /// <summary>What the texts are encoded as.</summary>
    public required TextKind Kind { get; init; }

    /// <summary>
    /// The files that the texts come from, in their order; "-" is standard input. They are named in the manifest, and none may be the
    /// output.
    /// </summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>
    /// What the inputs are read as, the same as is given to <see cref="InputReader"/>: a run goes on with one, and shards are merged, that
    /// were read alike.
    /// </summary>
    public InputOptions ReadAs { get; init; } = new();

    /// <summary>How the output is written. Its kind is that of the run, and nothing can be appended to.</summary>
    public ColbertEmbeddingFileOptions File { get; init; } = new();

    /// <summary>
    /// What the texts are encoded with otherwise than the model was opened, the same as is given to <see cref="ColbertModel.OpenStream"/>:
    /// a run goes on with one, and shards are merged, whose texts were encoded alike. Null: as the model was opened. The name of a prompt
    /// needs a model: where only an identity is given, it is an <see cref="ArgumentException"/>.
    /// </summary>
    public ColbertEncodeOptions? EncodedWith { get; init; }

    /// <summary>Keep what is written when the run is interrupted, and go on with what an earlier one left.</summary>
    public bool Resume { get; init; }

    /// <summary>Which part of the input the run gets; null: all of it.</summary>
    public ColbertShard? Shard { get; init; }
}
