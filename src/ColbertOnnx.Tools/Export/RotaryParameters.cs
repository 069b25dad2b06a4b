using System.Text.Json;

namespace ColbertOnnx.Export;

/// <summary>
/// The parameters of rotary positions in their spellings: rope_parameters since transformers 5, with an entry for each kind of layer
/// where a model has several; before it a field of its own, and rope_scaling.
/// </summary>
internal static class RotaryParameters
{
    /// <summary>The base of the frequencies.</summary>
    /// <param name="config">The checkpoint's configuration.</param>
    /// <param name="kind">The kind of layer, where the model has several.</param>
    /// <param name="fallback">What a configuration that is silent means; null: it must say.</param>
    /// <param name="older">The field's names before transformers 5, in the order in which they win.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ArchitectureUnsupported"/>: a scaled or partial rotation.</exception>
    public static double Theta(CheckpointConfig config, string? kind, double? fallback, params ReadOnlySpan<string> older)
    {
        double theta = Read(config, kind, fallback, older);
        return theta > 0 && double.IsFinite(theta)
            ? theta
            : throw config.Invalid("rope_theta", FormattableString.Invariant($"is {theta}, and must be a number above 0"));
    }

    private static double Read(CheckpointConfig config, string? kind, double? fallback, ReadOnlySpan<string> older)
    {
        config.Only("partial_rotary_factor", "1.0", "1");
        if (config.TryGet("rope_scaling", out JsonElement scaling))
        {
            // Since transformers 5 it is another name of rope_parameters, and wins.
            RefuseScaling(config, "rope_scaling", scaling);
            if (scaling.TryGetProperty("rope_theta", out JsonElement theta) && theta.ValueKind == JsonValueKind.Number)
                return theta.GetDouble();
        }

        if (Find(config, kind) is { } found) return found;
        foreach (string field in older)
            if (config.TryGet(field, out _)) return config.Double(field);
        return fallback ?? throw config.Invalid("rope_theta", "is missing");
    }

    private static double? Find(CheckpointConfig config, string? kind)
    {
        if (!config.TryGet("rope_parameters", out JsonElement parameters)) return null;
        if (parameters.ValueKind != JsonValueKind.Object) throw config.Unsupported("rope_parameters");
        if (kind is not null && (!parameters.TryGetProperty(kind, out parameters) || parameters.ValueKind != JsonValueKind.Object))
            return null;
        RefuseScaling(config, "rope_parameters", parameters);
        return parameters.TryGetProperty("rope_theta", out JsonElement theta) && theta.ValueKind == JsonValueKind.Number
            ? theta.GetDouble()
            : null;
    }

    private static void RefuseScaling(CheckpointConfig config, string field, JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object) throw config.Unsupported(field);
        foreach (JsonProperty parameter in parameters.EnumerateObject())
        {
            bool known = parameter.Value.ValueKind switch
            {
                JsonValueKind.Null => true,
                JsonValueKind.String => parameter.Name is "rope_type" or "type" && parameter.Value.GetString() == "default",
                JsonValueKind.Number =>
                    parameter.Name == "rope_theta" || (parameter.Name == "partial_rotary_factor" && parameter.Value.GetDouble() == 1),
                _ => false,
            };
            if (!known) throw config.Unsupported(field);
        }
    }
}
