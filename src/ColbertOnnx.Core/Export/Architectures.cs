using ColbertOnnx.Export.Families;

namespace ColbertOnnx.Export;

/// <summary>The families by config.json's model_type. A new one is one file and one line here.</summary>
internal static class Architectures
{
    private static readonly Dictionary<string, Func<CheckpointConfig, IArchitecture>> Known = new(StringComparer.Ordinal)
    {
        ["bert"] = config => new Bert(config),
        ["eurobert"] = config => new EuroBert(config),
        ["lfm2"] = config => new Lfm2(config),
        ["modernbert"] = config => new ModernBert(config),
        ["qwen3"] = config => new Qwen3(config),
    };

    public static IEnumerable<string> ModelTypes => Known.Keys.Order(StringComparer.Ordinal);

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ArchitectureUnsupported"/>: another family, or a field's value that is not built here.</exception>
    public static IArchitecture Of(CheckpointConfig config) => Known.TryGetValue(config.ModelType, out Func<CheckpointConfig, IArchitecture>? create)
        ? create(config)
        : throw new ColbertException(
            ColbertErrorId.ArchitectureUnsupported,
            $"config.json has model_type = \"{config.ModelType}\", a family that is not built here.",
            config.FilePath,
            $"Families that can be exported: {string.Join(", ", ModelTypes)}.");
}
