using ColbertOnnx.Export.Families;

namespace ColbertOnnx.Export;

/// <summary>The families by config.json's model_type. A new one is one file and one line here.</summary>
internal static class Architectures
{
    private static readonly Dictionary<string, Func<CheckpointConfig, IArchitecture>> Known = new(StringComparer.Ordinal)
    {
        ["albert"] = config => new Albert(config),
        ["bert"] = config => new Bert(config),
        ["deberta-v2"] = config => new DebertaV2(config),
        ["distilbert"] = config => new DistilBert(config),
        ["electra"] = config => new Electra(config),
        ["eurobert"] = config => new EuroBert(config),
        ["lfm2"] = config => new Lfm2(config),
        ["modernbert"] = config => new ModernBert(config),
        ["mpnet"] = config => new MPNet(config),
        ["qwen3"] = config => new Qwen3(config),
        ["roberta"] = config => new Roberta(config),
        ["xlm-roberta"] = config => new Roberta(config),
    };

    public static IEnumerable<string> ModelTypes => Known.Keys.Order(StringComparer.Ordinal);

    /// <summary>Refuses what cannot be built, before weights are read.</summary>
    /// <exception cref="ColbertException">As <see cref="Of"/>.</exception>
    public static void Check(CheckpointConfig config) => _ = Of(config);

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ArchitectureUnsupported"/>: another family, or a field's value that is
    /// not built here.</exception>
    public static IArchitecture Of(CheckpointConfig config) =>
        Known.TryGetValue(config.ModelType, out Func<CheckpointConfig, IArchitecture>? create)
            ? create(config)
            : throw new ColbertException(
                ColbertErrorId.ArchitectureUnsupported,
                $"config.json has model_type = \"{config.ModelType}\", a family that is not built here.",
                config.FilePath,
                $"Families that can be exported: {string.Join(", ", ModelTypes)}.");
}
