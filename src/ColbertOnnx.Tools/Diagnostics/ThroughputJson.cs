using System.Globalization;
using System.Text.Json;

namespace ColbertOnnx.Diagnostics;

/// <summary>A result as one line of JSON: docs/throughput.schema.json. What is there once stays, with its meaning.</summary>
internal static class ThroughputJson
{
    public static string Write(ColbertThroughput result) => JsonArrays.Line(json =>
    {
        WriteConfiguration(json, result.Configuration);
        WriteTexts(json, result.Texts);
        json.WriteNumber("repeat", result.Repeat);
        WriteSpread(json, "documentsPerSecond", result.DocumentsPerSecond);
        WriteSpread(json, "tokensPerSecond", result.TokensPerSecond);
        WriteSpread(json, "shareOfEngine", result.ShareOfRawLoop);
        WriteSpread(json, "shareByProcessorTime", result.ShareByCpuTime);
        WriteSpread(json, "engineDocumentsPerSecond", result.RawLoopDocumentsPerSecond);
        WriteLimit(json, result.Limit);
        WriteLatency(json, result.Latency);
        json.WriteNumber("loadSeconds", Rounded(result.LoadSeconds.Median));
        WriteSpread(json, "loadSecondsSpread", result.LoadSeconds);
        json.WriteNumber("peakMemoryBytes", (long)result.PeakMemoryBytes.Maximum);
        WriteSpread(json, "peakMemoryBytesSpread", result.PeakMemoryBytes);
        WriteProviders(json, result.Providers);
        WriteEnvironment(json, result.Environment);
        json.WriteText("measured", result.Measured.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
    });

    private static void WriteConfiguration(Utf8JsonWriter json, ThroughputConfiguration configuration)
    {
        json.WriteStartObject("configuration");
        json.WriteText("model", configuration.Model);
        json.WriteBoolean("quantized", configuration.IsQuantized);
        json.WriteString("kind", TextKinds.NameOf(configuration.Kind));
        json.WriteNumber("sessions", configuration.Sessions);
        json.WriteBoolean("sessionsDefault", configuration.IsSessionsDefault);
        json.WriteNumber("threadsPerSession", configuration.ThreadsPerSession);
        if (configuration.BatchSize is { } size) json.WriteNumber("batchSize", size);
        else json.WriteNull("batchSize");
        json.WriteStartArray("executionProviders");
        foreach (string provider in configuration.ExecutionProviders) json.WriteStringValue(provider);
        json.WriteEndArray();
        json.WriteStartObject("arguments");
        foreach ((string name, string value) in configuration.Arguments ?? EncodingArguments.None) json.WriteText(name, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter json, ThroughputTexts texts)
    {
        json.WriteStartObject("texts");
        json.WriteText("source", texts.Source);
        if (texts.Seed is { } seed) json.WriteNumber("seed", seed);
        else json.WriteNull("seed");
        json.WriteNumber("count", texts.Count);
        json.WriteNumber("tokens", texts.Tokens);
        WriteSpread(json, "tokensPerText", texts.TokensPerText);
        json.WriteNumber("truncated", texts.Truncated);
        json.WriteEndObject();
    }

    private static void WriteLimit(Utf8JsonWriter json, ThroughputLimit? limit)
    {
        if (limit is null)
        {
            json.WriteNull("limit");
            return;
        }

        json.WriteStartObject("limit");
        WriteSpread(json, "share", limit.Share);
        WriteSpread(json, "shareByProcessorTime", limit.ShareByCpuTime);
        WriteSpread(json, "documentsPerSecond", limit.DocumentsPerSecond);
        if (limit.Int8PerSecond is { } bytes) WriteSpread(json, "int8PerSecond", bytes);
        if (limit.FloatPerSecond is { } floats) WriteSpread(json, "floatPerSecond", floats);
        json.WriteNumber("int8PerText", Math.Round(limit.Int8PerText));
        json.WriteNumber("floatPerText", Math.Round(limit.FloatPerText));
        json.WriteEndObject();
    }

    private static void WriteLatency(Utf8JsonWriter json, ThroughputLatency latency)
    {
        json.WriteStartObject("latencyMilliseconds");
        json.WriteNumber("p50", Rounded(latency.P50.Median));
        json.WriteNumber("p95", Rounded(latency.P95.Median));
        json.WriteNumber("p99", Rounded(latency.P99.Median));
        WriteSpread(json, "p50Spread", latency.P50);
        WriteSpread(json, "p95Spread", latency.P95);
        WriteSpread(json, "p99Spread", latency.P99);
        json.WriteNumber("samples", latency.Samples.Count);
        json.WriteEndObject();
    }

    private static void WriteProviders(Utf8JsonWriter json, IReadOnlyList<ColbertProviderShare> shares)
    {
        json.WriteStartArray("providers");
        foreach (ColbertProviderShare share in shares)
        {
            json.WriteStartObject();
            json.WriteText("name", share.Name);
            json.WriteText("engine", share.OnnxRuntimeName);
            json.WriteNumber("nodes", share.Nodes);
            json.WriteNumber("matrixProducts", share.MatrixProducts);
            json.WriteNumber("share", Rounded(share.Share));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEnvironment(Utf8JsonWriter json, ThroughputEnvironment environment)
    {
        json.WriteStartObject("environment");
        json.WriteText("processor", environment.Cpu);
        json.WriteNumber("processors", environment.CpuCount);
        json.WriteText("operatingSystem", environment.OperatingSystem);
        json.WriteText("architecture", environment.Architecture);
        json.WriteText("framework", environment.Framework);
        json.WriteText("onnxRuntime", environment.OnnxRuntime);
        json.WriteText("provider", environment.Provider);
        json.WriteText("moduleVersion", environment.ModuleVersion);
        json.WriteEndObject();
    }

    private static void WriteSpread(Utf8JsonWriter json, string name, Spread spread)
    {
        json.WriteStartObject(name);
        json.WriteNumber("min", Rounded(spread.Minimum));
        json.WriteNumber("median", Rounded(spread.Median));
        json.WriteNumber("max", Rounded(spread.Maximum));
        json.WriteEndObject();
    }

    private static double Rounded(double value) => Math.Round(value, 4);
}
