using System.Text.Json;

namespace ColbertOnnx.Tests;

/// <summary>One run of a case: what PyLate fed and got for every text, one at a time.</summary>
internal sealed class ReferenceRun(ReferenceCase owner, JsonElement json)
{
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    private int[]? rowOffsets;
    private int[]? embeddingOffsets;
    private int[]? ids;
    private byte[]? attentionMask;
    private byte[]? keep;
    private float[]? embeddings;

    public string Name { get; } = json.GetProperty("name").GetString()!;

    public TextKind Kind { get; } = json.GetProperty("is_query").GetBoolean() ? TextKind.Query : TextKind.Document;

    public bool ExpectsError { get; } = json.TryGetProperty("expected", out JsonElement expected) && expected.GetString() == "error";

    /// <summary>Constructor arguments of this run; an empty object where it has none.</summary>
    public JsonElement Init => json.TryGetProperty("init", out JsonElement init) ? init : Nothing;

    /// <summary>Arguments of encode: prompt, prompt_name, pool_factor, protected_tokens, normalize_embeddings.</summary>
    public JsonElement Encode => json.GetProperty("encode");

    /// <summary>Settings that the run's arguments changed.</summary>
    public JsonElement? SettingsDiffer => json.TryGetProperty("settings_differ", out JsonElement differ) ? differ : null;

    /// <summary>Texts whose clusters change with noise.</summary>
    public IReadOnlyList<int> UnstableTexts { get; } =
        json.TryGetProperty("unstable_texts", out JsonElement texts) ? [.. texts.EnumerateArray().Select(text => text.GetInt32())] : [];

    /// <summary>Pooled runs and runs without normalization have embeddings only.</summary>
    public bool HasRows => owner.Tensors.Tensors.ContainsKey($"{Name}.input_ids");

    /// <summary>True for a run with the checkpoint's own settings and no arguments.</summary>
    public bool IsPlain => !Init.EnumerateObject().Any() && !Encode.EnumerateObject().Any();

    public int Dimension => (int)owner.Tensors[$"{Name}.embeddings"].Shape[1];

    /// <summary>Ids of text <paramref name="text"/> as PyLate feeds them: prefix and expansion included.</summary>
    public ReadOnlySpan<int> Ids(int text) => Cut(ids ??= owner.Tensors.Read<int>($"{Name}.input_ids"), RowOffsets, text, 1);

    public ReadOnlySpan<byte> AttentionMask(int text) =>
        Cut(attentionMask ??= owner.Tensors.Read<byte>($"{Name}.attention_mask"), RowOffsets, text, 1);

    /// <summary>1 for rows that come back.</summary>
    public ReadOnlySpan<byte> Keep(int text) => Cut(keep ??= owner.Tensors.Read<byte>($"{Name}.keep"), RowOffsets, text, 1);

    /// <summary>Rows that come back, row by row.</summary>
    public ReadOnlySpan<float> Embeddings(int text) =>
        Cut(
            embeddings ??= owner.Tensors.ReadSingles($"{Name}.embeddings"),
            embeddingOffsets ??= owner.Tensors.Read<int>($"{Name}.embedding_offsets"), text, Dimension);

    public override string ToString() => $"{owner.Name}/{Name}";

    private int[] RowOffsets => rowOffsets ??= owner.Tensors.Read<int>($"{Name}.row_offsets");

    private static ReadOnlySpan<T> Cut<T>(T[] values, int[] offsets, int text, int width) =>
        values.AsSpan(offsets[text] * width, (offsets[text + 1] - offsets[text]) * width);
}
