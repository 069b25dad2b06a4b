namespace ColbertOnnx.Embeddings;

/// <summary>Which shards of a run are there and whole.</summary>
public sealed record ShardReport
{
    /// <summary>How many there should be.</summary>
    public required int Count { get; init; }

    /// <summary>Numbers of those that are missing or wrong, in order: to be encoded again.</summary>
    public required IReadOnlyList<int> Missing { get; init; }

    /// <summary>Outputs that cannot be merged, each with the reason.</summary>
    public required IReadOnlyList<ShardFault> Faults { get; init; }

    /// <summary>What is no obstacle and yet should be known, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Whether all of them can be merged.</summary>
    public bool IsComplete => Missing.Count == 0 && Faults.Count == 0;

    /// <summary><see cref="Missing"/> as <c>sbatch --array=</c> takes it: "3,7-9". Empty: none.</summary>
    public string Array => Spans(Missing);

    /// <summary>One line for people.</summary>
    public override string ToString() => IsComplete
        ? $"{ShownText.Count(Count, "shard")}, complete"
        : $"{ShownText.Count(Count, "shard")}, {Missing.Count} missing or wrong, {ShownText.Count(Faults.Count, "fault")}";

    /// <summary>Numbers, in order, as <c>sbatch --array=</c> takes them.</summary>
    internal static string Spans(IReadOnlyList<int> numbers)
    {
        var spans = new List<string>();
        for (int i = 0; i < numbers.Count; i++)
        {
            int first = numbers[i];
            while (i + 1 < numbers.Count && numbers[i + 1] == numbers[i] + 1) i++;
            spans.Add(first == numbers[i] ? $"{first}" : $"{first}-{numbers[i]}");
        }

        return string.Join(',', spans);
    }
}
