using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ColbertOnnx.IO;

namespace ColbertOnnx.Embeddings;

/// <summary>Reads a manifest as strictly as it is written: a merge relies on it.</summary>
internal static class ManifestReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static RunManifest Read(string path)
    {
        byte[] bytes = Bytes(path);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, Strict);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "format") != RunManifest.FormatName)
                throw Invalid(path, "it is not a manifest of a run", "Name an output of colbert encode, or its manifest.");
            if (!root.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number
                || !version.TryGetInt32(out int number) || number != RunManifest.CurrentVersion)
                throw Invalid(
                    path, $"its version is not {RunManifest.CurrentVersion}, the only one that is known here",
                    "Use the version of the product that has written it, or encode again.");
            CheckFields(root, ManifestContext.Default.RunManifest, "", path);
            RunManifest manifest = root.Deserialize(ManifestContext.Default.RunManifest)!;
            if (ManifestCheck.Fault(manifest) is { } fault) throw Invalid(path, fault);
            return manifest;
        }
        catch (JsonException error)
        {
            string field = error.Path is { Length: > 2 } place && place.StartsWith("$.", StringComparison.Ordinal)
                ? $"the field {place[2..]} cannot be read"
                : "it is not valid JSON";
            throw Invalid(path, field, inner: error);
        }
        catch (InvalidOperationException error)
        {
            throw Invalid(path, "it holds a string that is not valid Unicode", inner: error);
        }
    }

    /// <summary>Whether a file says that it is a manifest, whatever else is in it. A power failure leaves empty ones.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            byte[]? bytes = RegularFile.Read(path, Limits.LargestManifest);
            if (bytes is null) return false;
            if (bytes.Length == 0 || Begins(bytes)) return true;
            using JsonDocument document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object && Text(document.RootElement, "format") == RunManifest.FormatName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // Of a file that was cut off this much is enough to know it.
    private static bool Begins(ReadOnlySpan<byte> bytes) =>
        string.Concat(Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 100)]).Where(letter => !char.IsWhiteSpace(letter)))
            .StartsWith($"{{\"format\":\"{RunManifest.FormatName}\"", StringComparison.Ordinal);

    private static byte[] Bytes(string path)
    {
        GivenPath.Require(path, "a manifest");
        if (!Path.Exists(path))
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"There is no manifest '{path}'.", path,
                "colbert encode leaves one beside each output; encode again where it was taken away.");
        return EmbeddingErrors.Guard(path, () => RegularFile.Read(path, Limits.LargestManifest))
            ?? throw Invalid(
                path, FormattableString.Invariant($"it is larger than {Limits.LargestManifest} bytes (the limit LargestManifest)"),
                "Name a manifest.");
    }

    // The framework names neither the place of a field that is missing nor that of one that is too many.
    private static void CheckFields(JsonElement json, JsonTypeInfo type, string place, string path)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable && json.ValueKind == JsonValueKind.Array)
        {
            int i = 0;
            foreach (JsonElement item in json.EnumerateArray())
                CheckFields(item, Of(type.ElementType!), FormattableString.Invariant($"{place}[{i++}]"), path);
        }

        if (type.Kind != JsonTypeInfoKind.Object || json.ValueKind != JsonValueKind.Object) return;
        string before = place.Length > 0 ? place + "." : "";
        foreach (JsonPropertyInfo field in type.Properties)
        {
            if (!json.TryGetProperty(field.Name, out JsonElement value)) throw Invalid(path, $"the field {before}{field.Name} is missing");
            CheckFields(value, Of(field.PropertyType), before + field.Name, path);
        }

        foreach (JsonProperty found in json.EnumerateObject())
            if (type.Properties.All(field => field.Name != found.Name))
                throw Invalid(path, $"it has a field {before}{found.Name}, which no manifest has");

        static JsonTypeInfo Of(Type type) => ManifestContext.Default.GetTypeInfo(type)!;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static ColbertException Invalid(
        string path, string what, string action = "Copy the manifest again with its output, or encode again.", Exception? inner = null) =>
        new(ColbertErrorId.InputInvalid, $"{path}: {what}.", path, action, inner);
}
