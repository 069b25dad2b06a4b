using System.Text.Json;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Diagnostics;

/// <summary>What a comparison needs of a stored result. Other fields may be there or not.</summary>
internal sealed record StoredThroughput(
    string Location, ThroughputConfiguration Configuration, Spread TokensPerText, double DocumentsPerSecond, double ShareOfRawLoop,
    string Cpu, int CpuCount)
{
    public static StoredThroughput Read(JsonElement json, string location)
    {
        JsonElement configuration = Get(json, "configuration", JsonValueKind.Object, location);
        JsonElement tokens = Get(Get(json, "texts", JsonValueKind.Object, location), "tokensPerText", JsonValueKind.Object, location);
        JsonElement environment = Get(json, "environment", JsonValueKind.Object, location);
        bool hasBatchSize = configuration.TryGetProperty("batchSize", out JsonElement size) && size.ValueKind != JsonValueKind.Null;
        return new StoredThroughput(
            location,
            new ThroughputConfiguration
            {
                Model = Text(configuration, "model", location),
                IsQuantized = Flag(configuration, "quantized", location),
                Kind = Text(configuration, "kind", location) == "query" ? TextKind.Query : TextKind.Document,
                Sessions = Count(configuration, "sessions", location),
                IsSessionsDefault = Flag(configuration, "sessionsDefault", location),
                ThreadsPerSession = Count(configuration, "threadsPerSession", location),
                BatchSize = hasBatchSize ? Count(configuration, "batchSize", location) : null,
                ExecutionProviders = Providers(configuration, location),
                Arguments = Arguments(configuration, location),
            },
            new Spread(Number(tokens, "min", location), Number(tokens, "median", location), Number(tokens, "max", location)),
            Median(json, "documentsPerSecond", location),
            Median(json, "shareOfEngine", location),
            Text(environment, "processor", location),
            Count(environment, "processors", location));
    }

    // Results from before there was a choice have none: they ran on the CPU.
    private static IReadOnlyList<string> Providers(JsonElement configuration, string location)
    {
        if (!configuration.TryGetProperty("executionProviders", out JsonElement names)) return [];
        if (names.ValueKind != JsonValueKind.Array || names.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
            throw Lacks("executionProviders", location);
        return [.. names.EnumerateArray().Select(name => name.GetString()!)];
    }

    // Older results note none, whatever they were made with.
    private static Dictionary<string, string>? Arguments(JsonElement configuration, string location)
    {
        if (!configuration.TryGetProperty("arguments", out JsonElement given)) return null;
        if (given.ValueKind != JsonValueKind.Object
            || given.EnumerateObject().Any(argument => argument.Value.ValueKind != JsonValueKind.String))
            throw Lacks("arguments", location);
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty argument in given.EnumerateObject()) arguments[argument.Name] = argument.Value.GetString()!;
        return arguments;
    }

    private static double Median(JsonElement json, string name, string location) =>
        Number(Get(json, name, JsonValueKind.Object, location), "median", location);

    private static string Text(JsonElement json, string name, string location) =>
        Get(json, name, JsonValueKind.String, location).GetString()!;

    private static double Number(JsonElement json, string name, string location) =>
        Get(json, name, JsonValueKind.Number, location).GetDouble();

    private static int Count(JsonElement json, string name, string location) =>
        Get(json, name, JsonValueKind.Number, location).TryGetInt32(out int count) ? count : throw Lacks(name, location);

    private static bool Flag(JsonElement json, string name, string location) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement found)
            && found.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? found.GetBoolean()
            : throw Lacks(name, location);

    private static JsonElement Get(JsonElement json, string name, JsonValueKind kind, string location) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement found) && found.ValueKind == kind
            ? found
            : throw Lacks(name, location);

    private static ColbertException Lacks(string name, string location) =>
        InputErrors.Invalid(
            location, $"this is not a result of a throughput measurement: '{name}' is missing or of another type.",
            "Give a file that --json (-AsJson) wrote.");
}
