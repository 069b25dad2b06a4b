using System.Text.Json;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Tests.Parity;

/// <summary>PyLate's answers for the embedded model's weights in float32.</summary>
internal sealed class MinilmReference : IDisposable
{
    private readonly SafetensorsFile tensors = SafetensorsFile.Open(TestData.Path("minilm-reference", "embeddings.safetensors"));

    public MinilmReference()
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("minilm-reference", "texts.json")));
        Texts = [.. json.RootElement.EnumerateArray().Select(e => (
            e.GetProperty("kind").GetString() == "query" ? TextKind.Query : TextKind.Document, e.GetProperty("text").GetString()!))];
    }

    public IReadOnlyList<(TextKind Kind, string Text)> Texts { get; }

    public int[] Ids(int text) => Whole(text, "input_ids");

    public int[] AttentionMask(int text) => Whole(text, "attention_mask");

    /// <summary>1 for rows that come back.</summary>
    public int[] Keep(int text) => Whole(text, "mask");

    /// <summary>All rows, those that do not come back as well.</summary>
    public float[] Embeddings(int text) => tensors.ReadSingles($"{text}.embeddings");

    public void Dispose() => tensors.Dispose();

    private int[] Whole(int text, string name) => Array.ConvertAll(tensors.ReadSingles($"{text}.{name}"), value => (int)value);
}
