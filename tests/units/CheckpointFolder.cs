using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests;

/// <summary>The checkpoints of tests/data/pylate as whole folders; tests only read there.</summary>
internal static class CheckpointFolder
{
    public static string Of(string name) => DataFolder.Of("pylate", name);

    /// <summary>The pieces of a tokenizer.json by their ids: the lines of vocab.txt.</summary>
    public static IEnumerable<string> VocabularyOf(JsonNode tokenizer) =>
        tokenizer["model"]!["vocab"]!.AsObject().OrderBy(entry => (int)entry.Value!).Select(entry => entry.Key);
}
