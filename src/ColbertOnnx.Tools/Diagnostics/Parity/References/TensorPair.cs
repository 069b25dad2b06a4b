using ColbertOnnx.Embeddings;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>Token vectors in a safetensors file and texts in a JSON file beside it: which belongs to which.</summary>
internal static class TensorPair
{
    private const string Texts = "texts.json", Embeddings = "embeddings.safetensors";

    /// <summary>Names under which a folder may hold a pair.</summary>
    public static string[] In(string folder) => [Path.Combine(folder, "reference.json"), Path.Combine(folder, Texts)];

    /// <summary>
    /// The texts of a file of tensors: the same name, or texts.json; null where neither is there, or the file holds texts itself.
    /// </summary>
    public static string? JsonOf(string tensors) =>
        Existing(
            Path.ChangeExtension(tensors, ".json"), Path.Combine(Path.GetDirectoryName(tensors)!, Texts),
            Path.GetFileName(tensors) == Embeddings) is { } json && !HoldsTexts(tensors)
            ? json
            : null;

    /// <summary>The tensors of a file of texts.</summary>
    public static string? TensorsOf(string json) =>
        Existing(
            Path.ChangeExtension(json, ".safetensors"), Path.Combine(Path.GetDirectoryName(json)!, Embeddings),
            Path.GetFileName(json) == Texts);

    // As embeddings of ours do; a .json beside those may be what they were encoded from.
    private static bool HoldsTexts(string tensors)
    {
        try
        {
            using SafetensorsFile file = SafetensorsFile.Open(tensors);
            return file.Metadata.GetValueOrDefault("format") == SafetensorsLayout.Format;
        }
        catch (ColbertException)
        {
            // Whoever reads it next says what is wrong.
            return false;
        }
    }

    private static string? Existing(string first, string second, bool allowsSecond) =>
        File.Exists(first) ? first : allowsSecond && File.Exists(second) ? second : null;
}
