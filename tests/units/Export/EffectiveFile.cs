using System.Text.Json.Nodes;
using ColbertOnnx.Export.Tokenizers;

namespace ColbertOnnx.Tests.Export;

/// <summary>The tokenizer.json that an export would write for a checkpoint.</summary>
internal static class EffectiveFile
{
    public static void Write(string checkpoint, string path, params IReadOnlyList<string> prefixes) =>
        File.WriteAllBytes(path, Bytes(checkpoint, prefixes));

    public static byte[] Bytes(string checkpoint, params IReadOnlyList<string> prefixes)
    {
        using var output = new MemoryStream();
        EffectiveTokenizer.Write(checkpoint, ModelTypeOf(checkpoint), prefixes, output);
        return output.ToArray();
    }

    public static JsonNode Json(string checkpoint, params IReadOnlyList<string> prefixes) => JsonNode.Parse(Bytes(checkpoint, prefixes))!;

    public static string ModelTypeOf(string checkpoint) =>
        (string)JsonNode.Parse(File.ReadAllBytes(Path.Combine(checkpoint, "config.json")))!["model_type"]!;
}
