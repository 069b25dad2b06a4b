namespace ColbertOnnx.Modeling;

/// <summary>Weights of a checkpoint that are not read here: where they are found, and what to do about them.</summary>
internal static class ForeignWeights
{
    /// <summary>An adapter over another model's weights, which take the place of those beside it.</summary>
    public const string Adapter = "adapter_config.json";

    /// <summary>
    /// By the tensors, not by a model's class: AutoModel would drop the projection of a Stanford checkpoint, and knows no Dense module.
    /// </summary>
    public const string ConvertPickle =
        "Convert it once where PyTorch is, in its folder: python -c \"import glob, torch; from safetensors.torch import save_file; "
        + "save_file({name: tensor.contiguous().clone() "
        + "for file in glob.glob('pytorch_model*.bin') for name, tensor in torch.load(file, map_location='cpu', "
        + "weights_only=True).items()}, 'model.safetensors', {'format': 'pt'})\"; "
        + "or use a revision that has model.safetensors.";

    /// <param name="checkpoint">Its owner, as an error begins.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="target">Where it is.</param>
    public static ColbertException HasAdapter(string checkpoint, string name, string target) => new(
        ColbertErrorId.ArchitectureUnsupported,
        $"{checkpoint} has {name}: an adapter over another model's weights, which is not applied here.",
        target,
        "Merge it into the weights once where PyTorch and peft are: model.merge_and_unload(), then save_pretrained(folder) without "
            + "the adapter.");

    /// <summary>Whether a file's name is that of a pickle of PyTorch, or of a part of one.</summary>
    public static bool IsPickle(string file) =>
        file.StartsWith("pytorch_model", StringComparison.Ordinal) && file.EndsWith(".bin", StringComparison.Ordinal);
}
