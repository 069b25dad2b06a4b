using System.Text.Json.Nodes;
using ColbertOnnx.Export;

namespace ColbertOnnx.Tests.Export;

/// <summary>What a checkpoint's folder lacks or has besides is named, with what to do about it.</summary>
public sealed class CheckpointFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("bert-base", "model.safetensors", "pytorch_model.bin")]
    [InlineData("bert-base", "model.safetensors", "pytorch_model-00001-of-00002.bin")]
    [InlineData("bert-base", "1_Dense/model.safetensors", "1_Dense/pytorch_model.bin")]
    [InlineData("bert-stanford", "model.safetensors", "pytorch_model.bin")]
    public void Pickled_weights_alone_are_named_with_a_conversion_that_keeps_every_tensor(string checkpoint, string weights, string pickle)
    {
        folder.CopyAll(CheckpointFolder.Of(checkpoint));
        File.Move(folder.File(weights), folder.File(pickle));
        ColbertException error = Refused();
        Assert.Equal((ColbertErrorId.ModelIncomplete, folder.File(pickle)), (error.Id, error.Target));

        // AutoModel knows neither a Dense module nor the projection of a Stanford checkpoint.
        Assert.DoesNotContain("AutoModel", error.Action, StringComparison.Ordinal);
        Assert.Contains("save_file", error.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_this_account_may_not_list_is_named_with_the_reason()
    {
        DamagedFile.SkipWhereItCannotBe("no rights");
        if (OperatingSystem.IsWindows()) return;
        folder.CopyAll(CheckpointFolder.Of("bert-base"));
        File.Delete(folder.File("model.safetensors"));
        UnixFileMode before = File.GetUnixFileMode(folder.Path);
        File.SetUnixFileMode(folder.Path, before & ~UnixFileMode.UserRead);
        try
        {
            CheckUnlisted(Refused(), folder.Path);
        }
        finally
        {
            File.SetUnixFileMode(folder.Path, before);
        }
    }

    [Fact]
    public void A_folder_of_weights_that_goes_away_is_named_with_the_reason()
    {
        string gone = folder.File("gone");
        CheckUnlisted(Assert.Throws<ColbertException>(() => CheckpointWeights.Open(gone)), gone);
    }

    [Fact]
    public void A_missing_shard_is_named()
    {
        folder.CopyAll(CheckpointFolder.Of("bert-sharded"));
        File.Delete(folder.File("model-00002-of-00003.safetensors"));
        ColbertException error = Refused();
        Assert.Equal((ColbertErrorId.ModelIncomplete, folder.File("model-00002-of-00003.safetensors")), (error.Id, error.Target));
    }

    [Theory]
    [InlineData("bert-dense-bias", "1_Dense", "bias", "linear.bias")]
    [InlineData("bert-dense-residual-other", "1_Dense", "use_residual", "residual.weight")]
    [InlineData("bert-dense-chain", "3_Dense", "use_residual", "residual.weight")]
    [InlineData("st6-bert-cased-lower", "2_Dense", "bias", "linear.bias")]
    public void A_tensor_of_a_module_that_its_configuration_has_no_place_for_is_refused(
        string checkpoint, string module, string field, string tensor)
    {
        string config = $"{module}/config.json";
        folder.CopyAll(CheckpointFolder.Of(checkpoint));
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(folder.File(config)))!;
        json[field] = false;
        folder.With(config, json.ToJsonString());
        ColbertException error = Refused();
        Assert.Equal((ColbertErrorId.WeightsInvalid, folder.File(module)), (error.Id, error.Target));
        Assert.Contains($"'{module}' has tensors", error.Message, StringComparison.Ordinal);
        Assert.Contains(tensor, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_adapter_is_refused_as_the_weights_beside_it_are_not_the_model(bool hasWeights)
    {
        folder.CopyAll(CheckpointFolder.Of("bert-base"))
            .With("adapter_config.json", """{"peft_type": "LORA", "base_model_name_or_path": "someone/else"}""");
        if (!hasWeights) File.Move(folder.File("model.safetensors"), folder.File("adapter_model.safetensors"));
        ColbertException error = Refused();
        Assert.Equal((ColbertErrorId.ArchitectureUnsupported, folder.File("adapter_config.json")), (error.Id, error.Target));
        Assert.Contains("merge_and_unload", error.Action, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static void CheckUnlisted(ColbertException error, string path)
    {
        Assert.Equal((ColbertErrorId.WeightsInvalid, path), (error.Id, error.Target));
        Assert.Contains($"'{path}' has no model.safetensors", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.InnerException!.Message, error.Message, StringComparison.Ordinal);
    }

    private ColbertException Refused()
    {
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertExporter.Export(folder.Path, folder.File("out")));
        Assert.False(Directory.Exists(folder.File("out")));
        return error;
    }
}
