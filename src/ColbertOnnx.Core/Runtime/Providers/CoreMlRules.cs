using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime.Providers;

/// <summary>
/// Apple's GPU and neural engine. A model is compiled for the shapes that it meets, so there are few of them, and what was compiled is
/// kept.
/// </summary>
internal sealed class CoreMlRules : ProviderRules
{
    public CoreMlRules()
    {
        ShortName = "CoreML";
        Systems = ["osx"];
        Install = "ONNX Runtime's library for macOS that comes with ColbertOnnx holds it.";
        Batches = new BatchPolicy
        {
            TokensPerBatch = 4 * 1024,
            Lengths = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192],
            RoundsBatchSize = true,
        };
        RunsAtOnce = 1;
        Options =
        [
            "AllowLowPrecisionAccumulationOnGPU", "EnableOnSubgraphs", "MLComputeUnits", "ModelCacheDirectory", "ModelFormat",
            "ProfileComputePlan", "RequireStaticInputShapes", "SpecializationStrategy",
        ];
    }

    public override IReadOnlyDictionary<string, string> Defaults(ProviderContext context)
    {
        // The older format knows few of the operators.
        Dictionary<string, string> defaults = new() { ["ModelFormat"] = "MLProgram" };
        if (context.Folder(Name) is { } folder) defaults["ModelCacheDirectory"] = folder;
        return defaults;
    }
}
