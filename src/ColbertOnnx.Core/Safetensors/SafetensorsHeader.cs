using System.Globalization;
using System.Text.Json;

namespace ColbertOnnx.Safetensors;

/// <summary>Reads the JSON in front of the data and checks that it describes the file that is there.</summary>
internal static class SafetensorsHeader
{
    private const string Metadata = "__metadata__";

    public static (Dictionary<string, SafetensorsTensor> Tensors, Dictionary<string, string> Metadata) Parse(
        ReadOnlyMemory<byte> json, long dataStart, long fileLength, string path)
    {
        var tensors = new Dictionary<string, SafetensorsTensor>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(json);
            foreach (JsonProperty entry in document.RootElement.EnumerateObject())
            {
                if (entry.Name == Metadata)
                {
                    ReadMetadata(entry.Value, metadata, path);
                }
                else if (!tensors.TryAdd(entry.Name, Tensor(entry, dataStart)))
                {
                    throw Invalid(path, $"names the tensor '{entry.Name}' twice");
                }
            }
        }
        catch (JsonException e)
        {
            throw Invalid(path, $"has a header that is not valid JSON (byte {8 + e.BytePositionInLine})", e);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or OverflowException
            or IndexOutOfRangeException)
        {
            throw Invalid(path, $"has a header that describes no tensors ({e.Message})", e);
        }

        Check(tensors.Values, dataStart, fileLength, path);
        return (tensors, metadata);
    }

    // The format wants strings. Nothing that is read depends on other values, so they are kept as they are written; null is what some
    // writers make of "none".
    private static void ReadMetadata(JsonElement given, Dictionary<string, string> metadata, string path)
    {
        if (given.ValueKind == JsonValueKind.Null) return;
        if (given.ValueKind != JsonValueKind.Object) throw Invalid(path, $"has metadata ({Metadata}) that is not an object with strings");
        try
        {
            foreach (JsonProperty pair in given.EnumerateObject())
                metadata[pair.Name] = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString()! : pair.Value.GetRawText();
        }
        catch (InvalidOperationException error)
        {
            throw Invalid(path, $"has metadata ({Metadata}) with half of a surrogate pair", error);
        }
    }

    private static SafetensorsTensor Tensor(JsonProperty entry, long dataStart)
    {
        string type = entry.Value.GetProperty("dtype").GetString() ?? "";
        JsonElement offsets = entry.Value.GetProperty("data_offsets");
        long begin = offsets[0].GetInt64();
        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())];
        return new(
            entry.Name, SafetensorsTypes.Parse(type), type, shape, checked(dataStart + begin), checked(offsets[1].GetInt64() - begin));
    }

    // The format allows neither holes nor overlaps; a copy that was cut off shows up here too.
    private static void Check(IEnumerable<SafetensorsTensor> tensors, long dataStart, long fileLength, string path)
    {
        long expected = dataStart;
        foreach (SafetensorsTensor tensor in tensors.OrderBy(t => t.Offset).ThenBy(t => t.ByteCount))
        {
            if (tensor.Shape.Any(dimension => dimension < 0)) throw Invalid(path, $"gives the tensor '{tensor.Name}' a negative dimension");
            int size = tensor.Type.Size();
            if (size != 0 && (tensor.ByteCount % size != 0 || tensor.ByteCount / size != tensor.ElementCount))
                throw Invalid(
                    path,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"gives the tensor '{tensor.Name}' {tensor.ByteCount} bytes, but its shape and type {tensor.TypeName} say "
                            + $"{tensor.ElementCount} elements"));
            if (tensor.Offset != expected || tensor.ByteCount < 0)
                throw Invalid(
                    path,
                    FormattableString.Invariant($"puts the tensor '{tensor.Name}' at byte {tensor.Offset}, where {expected} follows"));
            expected = tensor.Offset + tensor.ByteCount;
            if (expected > fileLength)
                throw Invalid(
                    path,
                    FormattableString.Invariant(
                        $"is cut off: the tensor '{tensor.Name}' ends at byte {expected}, the file at {fileLength}"));
        }

        if (expected != fileLength)
            throw Invalid(
                path, FormattableString.Invariant($"holds {fileLength - expected} bytes behind its last tensor (byte {expected})"));
    }

    public static ColbertException Invalid(string path, string what, Exception? inner = null) =>
        new(ColbertErrorId.WeightsInvalid, $"'{Path.GetFileName(path)}' {what}.", path, "Copy or download the file again.", inner);
}
