using System.Text.Json;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Export and quantization as a user sees them: cmdlets with a recording output, and the command as a process.</summary>
public sealed class ExportFaceTests
{
    private static string Checkpoint => CheckpointFolder.Of("bert-base");

    [Theory]
    [MemberData(nameof(ErrorCases.CheckpointNames), MemberType = typeof(ErrorCases))]
    public void A_broken_checkpoint_is_an_error_record_and_nothing_is_written(string name)
    {
        JsonElement c = ErrorCases.Checkpoint(name);
        using var folder = new TemporaryFolder();
        using var target = new TemporaryFolder();
        Recorder recorder = CmdletRun.Run(new ExportColbertModelCommand { LiteralPath = ErrorCases.Build(c, folder, checkpoint: true), Destination = target.File("out") });
        ColbertException error = Assert.Single(recorder.Failures).Error;
        Assert.Equal(ErrorCases.ErrorOf(c), error.Id);
        Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.NotEmpty(error.Action!);
        Assert.Empty(Directory.EnumerateFileSystemEntries(target.Path));
    }

    [Fact]
    public void An_exported_folder_opens_and_is_not_replaced_unasked()
    {
        using var folder = new TemporaryFolder();
        var options = new ColbertExportOptions { Quantize = true };
        Recorder recorder = CmdletRun.Run(new ExportColbertModelCommand { LiteralPath = Checkpoint, Destination = folder.File("out"), Options = options });
        var result = Assert.IsType<ColbertModelFolder>(Assert.Single(recorder.Output));
        Assert.Equal("bert", result.ModelType);
        Assert.Equal(["model.onnx", "model_int8.onnx", "onnx_config.json", "tokenizer.json"], result.Files.Select(file => file.Name));
        Assert.All(result.Files, file => Assert.True(file.Exists));
        Assert.InRange(result.Verification!.LargestDifference, 0, 1e-5);
        Assert.InRange(result.QuantizedVerification!.MeanCosine, 0.98, 0.99999999);
        using (ColbertModel model = ColbertModel.Load(folder.File("out"), new ColbertModelOptions { Quantized = true })) Assert.Equal(result.Dimension, model.Dimension);

        DateTime before = File.GetLastWriteTimeUtc(folder.File("out/model.onnx"));
        recorder = CmdletRun.Run(new ExportColbertModelCommand { LiteralPath = Checkpoint, Destination = folder.File("out") });
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(recorder.Failures).Error.Id);
        Assert.Equal(before, File.GetLastWriteTimeUtc(folder.File("out/model.onnx")));
        Assert.Single(CmdletRun.Run(new ExportColbertModelCommand { LiteralPath = Checkpoint, Destination = folder.File("out"), Options = options with { Force = true } }).Output);
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(folder.File("out")).Count());
    }

    [Fact]
    public void An_INT8_graph_of_another_checkpoint_goes_with_the_export_that_it_belonged_to()
    {
        using var folder = new TemporaryFolder();
        var options = new ColbertExportOptions { Quantize = true, Verify = false };
        ColbertExporter.Export(CheckpointFolder.Of("bert-stanford"), folder.File("out"), options, cancellation: TestContext.Current.CancellationToken);
        File.Delete(folder.File("out/model.onnx"));
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertExporter.Export(Checkpoint, folder.File("out"), options with { Quantize = false }));
        Assert.Equal((ColbertErrorId.OutputExists, folder.File("out/model_int8.onnx")), (error.Id, error.Target));

        folder.With("out/model_int8.onnx.data", "").With("out/notes.txt", "");
        ColbertExporter.Export(Checkpoint, folder.File("out"), options with { Quantize = false, Force = true }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["model.onnx", "notes.txt", "onnx_config.json", "tokenizer.json"], Directory.EnumerateFiles(folder.File("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_checkpoint_that_is_exported_into_its_own_folder_keeps_its_tokenizer()
    {
        using TemporaryFolder folder = new TemporaryFolder().CopyAll(CheckpointFolder.Of("bert-class-wins"));
        byte[] before = File.ReadAllBytes(folder.File("tokenizer.json"));
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertExporter.Export(folder.Path, folder.Path));
        Assert.Equal((ColbertErrorId.OutputExists, folder.File("tokenizer.json")), (error.Id, error.Target));
        Assert.Equal(before, File.ReadAllBytes(folder.File("tokenizer.json")));
        Assert.False(File.Exists(folder.File("model.onnx")));
    }

    [Fact]
    public void WhatIf_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        var recorder = new Recorder { Answer = false };
        CmdletRun.Run(new ExportColbertModelCommand { LiteralPath = Checkpoint, Destination = folder.File("out") }, recorder);
        Assert.Equal([folder.File("out")], recorder.Asked);
        Assert.Empty(recorder.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_of_another_exporter_is_quantized_and_checked()
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-base"));
        File.Delete(folder.File("model_int8.onnx"));
        Recorder recorder = CmdletRun.Run(new OptimizeColbertModelCommand { LiteralPath = folder.Path });
        var result = Assert.IsType<ColbertModelFolder>(Assert.Single(recorder.Output));
        Assert.Equal(["model_int8.onnx"], result.Files.Select(file => file.Name));
        Assert.InRange(result.QuantizedVerification!.MeanCosine, 0.98, 0.99999999);
        Assert.Equal(ColbertErrorId.OutputExists, Assert.Single(CmdletRun.Run(new OptimizeColbertModelCommand { LiteralPath = folder.Path }).Failures).Error.Id);

        var verification = Assert.IsType<ColbertVerification>(Assert.Single(CmdletRun.Run(new OptimizeColbertModelCommand { LiteralPath = folder.Path, OnlyVerify = true }).Output));
        Assert.Equal(result.QuantizedVerification, verification);
    }

    [Fact]
    public void The_same_checkpoint_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["one", "two"]) ColbertExporter.Export(Checkpoint, folder.File(name), new ColbertExportOptions { Quantize = true, Verify = false }, cancellation: TestContext.Current.CancellationToken);
        foreach (string file in Directory.EnumerateFiles(folder.File("one")))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder.File("two"), Path.GetFileName(file))));
    }

    [Fact]
    public void A_stopped_export_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var steps = new Steps(step => { if (step == "verification") stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => ColbertExporter.Export(Checkpoint, folder.File("out"), progress: steps, cancellation: stop.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Half_precision_halves_the_file_and_changes_little()
    {
        using var folder = new TemporaryFolder();
        ColbertModelFolder full = ColbertExporter.Export(Checkpoint, folder.File("full"), cancellation: TestContext.Current.CancellationToken);
        ColbertModelFolder half = ColbertExporter.Export(Checkpoint, folder.File("half"), new ColbertExportOptions { HalfPrecision = true }, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange((double)new FileInfo(folder.File("half/model.onnx")).Length / new FileInfo(folder.File("full/model.onnx")).Length, 0.45, 0.7);
        Assert.InRange(half.Verification!.LargestDifference, 0, 1e-4);
        Assert.Equal(full.Dimension, half.Dimension);
        using ColbertModel one = ColbertModel.Load(full.Path), other = ColbertModel.Load(half.Path);
        ReadOnlySpan<float> expected = one.EncodeDocuments(["the quick brown fox"], TestContext.Current.CancellationToken)[0].Values.Span;
        ReadOnlySpan<float> actual = other.EncodeDocuments(["the quick brown fox"], TestContext.Current.CancellationToken)[0].Values.Span;
        for (int i = 0; i < expected.Length; i++) Assert.InRange(actual[i] - expected[i], -5e-3f, 5e-3f);
    }

    [Fact]
    public async Task The_command_exports_quantizes_and_reports()
    {
        using var folder = new TemporaryFolder();
        var run = await ColbertProcess.Run(null, "export", Checkpoint, "-o", folder.File("out"), "--quantize");
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.Exit);
        Assert.Contains("model_int8.onnx against model.onnx:", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, (await ColbertProcess.Run(null, "quantize", folder.File("out"))).Exit);
        Assert.Equal(0, (await ColbertProcess.Run(null, "quantize", folder.File("out"), "--force")).Exit);
        var verify = await ColbertProcess.Run(null, "quantize", folder.File("out"), "--verify");
        Assert.Contains("in the mean", verify.Output, StringComparison.Ordinal);
        Assert.Equal(0, verify.Exit);
        foreach (string threshold in (string[])["--minimum-cosine", "--minimum-mean-cosine"])
        {
            var missed = await ColbertProcess.Run(null, "quantize", folder.File("out"), "--verify", threshold, "1");
            Assert.Equal((1, verify.Output), (missed.Exit, missed.Output));
            Assert.Contains("ParityMissed", missed.Error, StringComparison.Ordinal);
            Assert.Equal(1, (await ColbertProcess.Run(null, "export", Checkpoint, "-o", folder.File("never"), "--quantize", threshold, "1")).Exit);
            Assert.False(Directory.Exists(folder.File("never")));
        }

        Assert.Equal(0, (await ColbertProcess.Run("a text\n", "encode", "--document", "--model", folder.File("out"), "--quantized", "-", "-o", "-")).Exit);
    }

    [Fact]
    public void INT8_rows_that_are_too_far_from_float32_are_an_error_and_not_written()
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-base"));
        byte[] before = File.ReadAllBytes(folder.File("model_int8.onnx"));
        foreach (ColbertExportOptions strict in (ColbertExportOptions[])[new() { MinimumCosine = 1 }, new() { MinimumMeanCosine = 1 }])
        {
            ColbertException error = Assert.Throws<ColbertException>(() => ColbertExporter.Quantize(folder.Path, strict with { Force = true }, cancellation: TestContext.Current.CancellationToken));
            Assert.Equal((ColbertErrorId.ParityMissed, folder.Path, 1), (error.Id, error.Target, error.ExitCode));
            Assert.Equal(before, File.ReadAllBytes(folder.File("model_int8.onnx")));
            Assert.Equal(ColbertErrorId.ParityMissed, Assert.Single(CmdletRun.Run(new ExportColbertModelCommand { LiteralPath = Checkpoint, Destination = folder.File("out"), Options = strict with { Quantize = true } }).Failures).Error.Id);
            Assert.False(Directory.Exists(folder.File("out")));

            Recorder recorder = CmdletRun.Run(new OptimizeColbertModelCommand { LiteralPath = folder.Path, OnlyVerify = true, Options = strict });
            Assert.IsType<ColbertVerification>(Assert.Single(recorder.Output));
            Assert.Equal(ColbertErrorId.ParityMissed, Assert.Single(recorder.Failures).Error.Id);
        }

        var lenient = new OptimizeColbertModelCommand { LiteralPath = folder.Path, OnlyVerify = true, MinimumCosine = -1, MinimumMeanCosine = -1 };
        Assert.Empty(CmdletRun.Run(lenient).Failures);
    }

    private sealed class Steps(Action<string> report) : IProgress<string>
    {
        public void Report(string value) => report(value);
    }
}
