namespace ColbertOnnx.Embeddings;

/// <summary>How far a run is in its input.</summary>
/// <param name="Encoded">Texts that have an embedding.</param>
/// <param name="Bad">Texts that could not be encoded.</param>
/// <param name="Truncated">Texts that were cut.</param>
/// <param name="Hash">Of all these texts and their ids, in order.</param>
public readonly record struct RunState(long Encoded, long Bad, long Truncated, string Hash)
{
    /// <summary>What the bad ones make of the command's exit code.</summary>
    public int ExitCode { get; init; }

    /// <summary>Texts that are done.</summary>
    public long Items => Encoded + Bad;

    /// <summary>How many texts are done.</summary>
    public override string ToString() => $"{ShownText.Count(Encoded, "text")} encoded, {Bad} bad";
}
