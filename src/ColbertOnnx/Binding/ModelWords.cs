using System.Globalization;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>A model in a sentence, for verbose messages.</summary>
internal static class ModelWords
{
    /// <summary>Which model, what runs it, and how batches are made.</summary>
    public static string Describe(ColbertModel model) => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Name}, {(model.IsQuantized ? "INT8" : "FP32")}, dimension {model.Dimension} ({model.GraphPath}): "
            + $"{ShownText.Count(model.Sessions, "session")} of {ShownText.Count(model.ThreadsPerSession, "thread")}, "
            + $"{Batches(model)}; {Providers(model)}; "
            + $"{model.Settings}.");

    private static string Providers(ColbertModel model) =>
        model.Providers.Count == 0 ? "no execution provider reported" : string.Join(", ", model.Providers);

    private static string Batches(ColbertModel model) => model.EffectiveBatchSize is { } size
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"batches of {size}{(model.BatchSize is null ? ", since the graph's INT8 depends on what else is in a batch" : "")}")
        : "batches planned by length";
}
