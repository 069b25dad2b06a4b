namespace ColbertOnnx;

/// <summary>What a model can be run on, and whether this machine can do it.</summary>
public sealed record ColbertExecutionProvider
{
    /// <summary>The name for <see cref="ColbertModelOptions.ExecutionProviders"/>.</summary>
    public required string Name { get; init; }

    /// <summary>ONNX Runtime's name of it.</summary>
    public required string OnnxRuntimeName { get; init; }

    /// <summary>Whether this machine has it: false where <see cref="Reason"/> says why not.</summary>
    public required bool IsAvailable { get; init; }

    /// <summary>Why it is not available, a sentence; null where it is.</summary>
    public string? Reason { get; init; }

    /// <summary>What to do where it is not available.</summary>
    public string? Install { get; init; }

    /// <summary>Version of the provider; one that is part of ONNX Runtime has its version.</summary>
    public string? Version { get; init; }

    /// <summary>Devices as the provider reports them; most that are part of ONNX Runtime report none.</summary>
    public IReadOnlyList<ColbertExecutionDevice> Devices { get; init; } = [];

    /// <summary>
    /// Names for <see cref="ColbertModelOptions.ProviderOptions"/> that are checked; empty where every name goes through.
    /// </summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>One line of JSON: name, engine, available, reason, install, version, devices, options.</summary>
    public string ToJson() => JsonArrays.Line(json =>
    {
        json.WriteText("name", Name);
        json.WriteText("engine", OnnxRuntimeName);
        json.WriteBoolean("available", IsAvailable);
        json.WriteText("reason", Reason);
        json.WriteText("install", Install);
        json.WriteText("version", Version);
        json.WriteStartArray("devices");
        foreach (ColbertExecutionDevice device in Devices)
        {
            json.WriteStartObject();
            json.WriteText("kind", device.Kind);
            json.WriteText("name", device.Name);
            json.WriteText("vendor", device.Vendor);
            json.WriteText("memory", device.Memory);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("options");
        foreach (string option in Options) json.WriteStringValue(option);
        json.WriteEndArray();
    });

    /// <summary>One line for people.</summary>
    public override string ToString() => Name;
}
