using System.Text.Json;

namespace ColbertOnnx.Tests.Diagnostics;

/// <summary>docs/throughput.schema.json against lines: as much of JSON Schema as that file uses.</summary>
internal static class ThroughputSchema
{
    private static readonly JsonElement Root = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(
        TestData.Repository, "docs", "throughput.schema.json"))).RootElement;

    /// <summary>What is wrong, and where; a field that the schema does not know is wrong too.</summary>
    public static List<string> Errors(string json)
    {
        List<string> errors = [];
        Check(Root, JsonDocument.Parse(json).RootElement, "", errors);
        return errors;
    }

    private static void Check(JsonElement schema, JsonElement value, string place, List<string> errors)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
            schema = Root.GetProperty("$defs").GetProperty(reference.GetString()!.Split('/')[^1]);
        if (schema.TryGetProperty("enum", out JsonElement words) && !words.EnumerateArray().Any(word => word.ValueEquals(value.ToString())))
            errors.Add($"{place} is none of {words}");
        if (schema.TryGetProperty("type", out JsonElement type))
        {
            string[] types = type.ValueKind == JsonValueKind.Array
                ? [.. type.EnumerateArray().Select(t => t.GetString()!)]
                : [type.GetString()!];
            if (!types.Any(t => IsOf(t, value))) errors.Add($"{place} is {value.ValueKind}, not {type}");
        }

        if (schema.TryGetProperty("minimum", out JsonElement least) && value.ValueKind == JsonValueKind.Number
            && value.GetDouble() < least.GetDouble())
            errors.Add($"{place} is below {least}");
        if (schema.TryGetProperty("maximum", out JsonElement most) && value.ValueKind == JsonValueKind.Number
            && value.GetDouble() > most.GetDouble())
            errors.Add($"{place} is above {most}");
        if (schema.TryGetProperty("items", out JsonElement item) && value.ValueKind == JsonValueKind.Array)
        {
            foreach ((int index, JsonElement element) in value.EnumerateArray().Index()) Check(item, element, $"{place}[{index}]", errors);
        }

        if (!schema.TryGetProperty("properties", out JsonElement properties) || value.ValueKind != JsonValueKind.Object) return;
        foreach (JsonElement name in schema.GetProperty("required").EnumerateArray())
        {
            if (!value.TryGetProperty(name.GetString()!, out _)) errors.Add($"{place}.{name} is missing");
        }

        foreach (JsonProperty field in value.EnumerateObject())
        {
            if (properties.TryGetProperty(field.Name, out JsonElement inner)) Check(inner, field.Value, $"{place}.{field.Name}", errors);
            else errors.Add($"{place}.{field.Name} is not in the schema");
        }
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new InvalidOperationException($"The check does not know the type {type}."),
    };
}
