using System.Text.Json;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Cmdlets;

public sealed class ExportModelCmdletTests
{
    private static string Checkpoint => CheckpointFolder.Of("bert-base");

    [Theory]
    [MemberData(nameof(ErrorCases.CheckpointNames), MemberType = typeof(ErrorCases))]
    public void A_broken_checkpoint_is_an_error_record_and_nothing_is_written(string name)
    {
        JsonElement c = ErrorCases.Checkpoint(name);
        using var folder = new TemporaryFolder();
        using var target = new TemporaryFolder();
        CmdletRun run = Export(target.File("out"), new() { ["LiteralPath"] = ErrorCases.Build(c, folder, checkpoint: true) });
        ColbertException error = Assert.Single(run.Failures).Error;
        Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
        Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.NotEmpty(error.Action!);
        Assert.Empty(Directory.EnumerateFileSystemEntries(target.Path));
    }

    [Fact]
    public void An_exported_folder_opens_and_is_not_replaced_unasked()
    {
        using var folder = new TemporaryFolder();
        CmdletRun run = Export(folder.File("out"), new() { ["Quantize"] = true });
        var result = Assert.IsType<ColbertModelFolder>(Assert.Single(run.Output));
        Assert.Equal("bert", result.ModelType);
        Assert.Equal(["model.onnx", "model_int8.onnx", "onnx_config.json", "tokenizer.json"], result.Files.Select(file => file.Name));
        Assert.All(result.Files, file => Assert.True(file.Exists));
        Assert.InRange(result.Verification!.LargestDifference, 0, 1e-5);
        Assert.InRange(result.QuantizedVerification!.MeanCosine, 0.98, 0.99999999);
        using (ColbertModel model = ColbertModel.Load(folder.File("out"), new ColbertModelOptions { Quantized = true }))
            Assert.Equal(result.Dimension, model.Dimension);

        DateTime before = File.GetLastWriteTimeUtc(folder.File("out/model.onnx"));
        run = Export(folder.File("out"), []);
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(run.Failures).Error.Id);
        Assert.Equal(before, File.GetLastWriteTimeUtc(folder.File("out/model.onnx")));
        Assert.Single(Export(folder.File("out"), new() { ["Quantize"] = true, ["Force"] = true }).Output);
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(folder.File("out")).Count());
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        CmdletRun run = Export(folder.File("out"), new() { ["WhatIf"] = true });
        Assert.Equal([folder.File("out")], run.Asked);
        Assert.Empty(run.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_of_another_exporter_is_quantized_and_checked()
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-base"));
        File.Delete(folder.File("model_int8.onnx"));
        var result = Assert.IsType<ColbertModelFolder>(Assert.Single(Optimize(folder, []).Output));
        Assert.Equal(["model_int8.onnx"], result.Files.Select(file => file.Name));
        Assert.InRange(result.QuantizedVerification!.MeanCosine, 0.98, 0.99999999);
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(Optimize(folder, []).Failures).Error.Id);

        var verification = Assert.IsType<ColbertVerification>(Assert.Single(Optimize(folder, new() { ["Verify"] = true }).Output));
        Assert.Equal(result.QuantizedVerification, verification);
    }

    [Theory]
    [InlineData("MinimumCosine")]
    [InlineData("MinimumMeanCosine")]
    public void INT8_rows_that_are_too_far_from_float32_are_an_error_and_not_written(string threshold)
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-base"));
        byte[] before = File.ReadAllBytes(folder.File("model_int8.onnx"));
        CmdletRun run = Optimize(folder, new() { ["Force"] = true, [threshold] = 1 });
        Assert.Equal(ColbertErrorId.ParityMissed, Assert.Single(run.Failures).Error.Id);
        Assert.Equal(before, File.ReadAllBytes(folder.File("model_int8.onnx")));
        Assert.Equal(
            ColbertErrorId.ParityMissed,
            Assert.Single(Export(folder.File("out"), new() { ["Quantize"] = true, [threshold] = 1 }).Failures).Error.Id);
        Assert.False(Directory.Exists(folder.File("out")));

        run = Optimize(folder, new() { ["Verify"] = true, [threshold] = 1 });
        Assert.IsType<ColbertVerification>(Assert.Single(run.Output));
        Assert.Equal(ColbertErrorId.ParityMissed, Assert.Single(run.Failures).Error.Id);
        Assert.Empty(Optimize(folder, new() { ["Verify"] = true, ["MinimumCosine"] = -1, ["MinimumMeanCosine"] = -1 }).Failures);
    }

    private static CmdletRun Export(string target, Dictionary<string, object?> parameters) =>
        CmdletRun.Run(
            "Export-ColbertModel",
            new(parameters) { ["LiteralPath"] = parameters.GetValueOrDefault("LiteralPath", Checkpoint), ["Destination"] = target });

    private static CmdletRun Optimize(TemporaryFolder folder, Dictionary<string, object?> parameters) =>
        CmdletRun.Run("Optimize-ColbertModel", new(parameters) { ["LiteralPath"] = folder.Path });
}
