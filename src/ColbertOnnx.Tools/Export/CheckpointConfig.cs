using System.Globalization;
using System.Text.Json;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Export;

/// <summary>A checkpoint's config.json. What a family cannot build is refused here by the field's name and value.</summary>
internal sealed class CheckpointConfig
{
    private readonly JsonElement root;

    public CheckpointConfig(string path, JsonElement root)
    {
        FilePath = path;
        this.root = root;
        ModelType = Text("model_type") ?? throw Invalid("model_type", "is missing");
    }

    public string FilePath { get; }

    public string ModelType { get; }

    /// <summary>The class in transformers; empty when the file does not say.</summary>
    public string Class =>
        TryGet("architectures", out JsonElement list) && list.ValueKind == JsonValueKind.Array
            && list.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.String } first ? first.GetString()! : "";

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ModelIncomplete"/>, <see cref="ColbertErrorId.ConfigurationInvalid"/>,
    /// <see cref="ColbertErrorId.ArchitectureUnsupported"/> (an adapter).</exception>
    public static CheckpointConfig Read(string folder)
    {
        string path = Path.Combine(folder, "config.json"), adapter = Path.Combine(folder, ForeignWeights.Adapter);
        if (FileLinks.IsThere(adapter)) throw ForeignWeights.HasAdapter($"The checkpoint '{folder}'", ForeignWeights.Adapter, adapter);
        if (!FileLinks.IsThere(path))
            throw new ColbertException(
                ColbertErrorId.ModelIncomplete, $"The checkpoint '{folder}' lacks config.json.", path,
                "Give the folder that holds config.json and model.safetensors.");
        return new CheckpointConfig(path, JsonFile.Read(path, "config.json", ColbertErrorId.ConfigurationInvalid, JsonValueKind.Object));
    }

    public bool TryGet(string field, out JsonElement value) =>
        root.TryGetProperty(field, out value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>True where the field is there and says nothing, which is not always what a missing field means.</summary>
    public bool IsNull(string field) => root.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.Null;

    public int Integer(string field, int? fallback = null)
    {
        if (!TryGet(field, out JsonElement value)) return fallback ?? throw Invalid(field, "is missing");
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number)
            ? number
            : throw Invalid(field, $"is {value.GetRawText()}, not a whole number");
    }

    /// <summary>An integer of which there must be one at least: of layers, of heads, a hidden size.</summary>
    public int Count(string field, int? fallback = null)
    {
        int number = Integer(field, fallback);
        return number > 0 ? number : throw Invalid(field, FormattableString.Invariant($"is {number}, and must be 1 at least"));
    }

    /// <summary>A number of layers, each of which the graph gets.</summary>
    /// <param name="field">Where it stands.</param>
    /// <param name="fallback">What a configuration that is silent means; null: it must say.</param>
    /// <param name="times">How many times the graph gets them.</param>
    public int Layers(string field, int? fallback = null, int times = 1)
    {
        int number = Count(field, fallback);
        if ((long)number * times <= Limits.MostLayers) return number;
        string within = times == 1 ? "" : FormattableString.Invariant($" in each of {times} layers");
        throw Invalid(
            field, FormattableString.Invariant($"is {number}{within}, and {Limits.MostLayers} are built at most (the limit MostLayers)"));
    }

    /// <summary>A number of positions, of which the graph gets a list or a table.</summary>
    public int Positions(string field, int? fallback = null) =>
        Count(field, fallback, Limits.MostPositions, nameof(Limits.MostPositions));

    /// <summary>A number of tokens that a convolution takes in at once.</summary>
    public int Kernel(string field, int? fallback = null) =>
        Count(field, fallback, Limits.LargestKernel, nameof(Limits.LargestKernel));

    /// <summary>Head size.</summary>
    /// <param name="hiddenSize">Of all heads together.</param>
    /// <param name="heads">One at least.</param>
    /// <param name="field">What the error calls their number.</param>
    public int HeadSize(int hiddenSize, int heads, string field) =>
        hiddenSize % heads == 0
            ? hiddenSize / heads
            : throw Invalid(field, FormattableString.Invariant($"is {heads}, which does not divide the hidden size {hiddenSize}"));

    public float Single(string field, float? fallback = null) => (float)Double(field, fallback);

    public double Double(string field, double? fallback = null)
    {
        if (!TryGet(field, out JsonElement value)) return fallback ?? throw Invalid(field, "is missing");
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw Invalid(field, $"is {value.GetRawText()}, not a number");
    }

    /// <summary>True or false. A field that is there and null is false, as in Python.</summary>
    public bool Boolean(string field, bool fallback)
    {
        if (IsNull(field)) return false;
        if (!TryGet(field, out JsonElement value)) return fallback;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Invalid(field, $"is {value.GetRawText()}, not true or false");
    }

    public string? Text(string field)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Invalid(field, $"is {value.GetRawText()}, not a string");
    }

    /// <summary>A list of strings, one for each of the layers; null where the field is missing.</summary>
    public string[]? PerLayer(string field, int layers)
    {
        if (!TryGet(field, out JsonElement value)) return null;
        string[] texts = value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())]
            : [];
        return texts.Length == layers ? texts : throw Invalid(field, $"is {value.GetRawText()}, not a list of {layers} strings");
    }

    /// <summary>Refuses every value of a field but the ones that are implemented; a missing field has its family's default.</summary>
    public void Only(string field, params ReadOnlySpan<string> implemented)
    {
        if (!TryGet(field, out JsonElement value)) return;
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        foreach (string known in implemented)
            if (text == known) return;
        throw Unsupported(field, value);
    }

    public ColbertException Unsupported(string field) =>
        TryGet(field, out JsonElement value) ? Unsupported(field, value) : Unsupported(field, default);

    public ColbertException Invalid(string field, string what) =>
        new(ColbertErrorId.ConfigurationInvalid, $"{field} of config.json {what}.", FilePath, "Copy or download the checkpoint again.");

    private int Count(string field, int? fallback, int most, string limit)
    {
        int number = Count(field, fallback);
        return number <= most
            ? number
            : throw Invalid(field, FormattableString.Invariant($"is {number}, and can be {most} at most (the limit {limit})"));
    }

    private ColbertException Unsupported(string field, JsonElement value) => new(
        ColbertErrorId.ArchitectureUnsupported,
        string.Create(
            CultureInfo.InvariantCulture,
            $"config.json has {field} = {(value.ValueKind == JsonValueKind.Undefined ? "nothing" : value.GetRawText())}, which the "
                + $"family '{ModelType}' is not built with here."),
        FilePath,
        "Use a checkpoint without it; a graph that ignored it would give other vectors.");
}
