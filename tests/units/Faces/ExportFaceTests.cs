using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Export and quantization as a user sees them, by the library and by the command as a process.</summary>
public sealed class ExportFaceTests
{
    private static string Checkpoint => CheckpointFolder.Of("bert-base");

    [Fact]
    public void An_INT8_graph_of_another_checkpoint_goes_with_the_export_that_it_belonged_to()
    {
        using var folder = new TemporaryFolder();
        var options = new ColbertExportOptions { Quantize = true, Verify = false };
        ColbertExporter.Export(
            CheckpointFolder.Of("bert-stanford"), folder.File("out"), options, cancellation: TestContext.Current.CancellationToken);
        File.Delete(folder.File("out/model.onnx"));
        ColbertException error = Assert.Throws<ColbertException>(() =>
            ColbertExporter.Export(Checkpoint, folder.File("out"), options with { Quantize = false }));
        Assert.Equal((ColbertErrorId.OutputExists, folder.File("out/model_int8.onnx")), (error.Id, error.Target));

        folder.With("out/model_int8.onnx.data", "").With("out/notes.txt", "");
        ColbertExporter.Export(
            Checkpoint, folder.File("out"), options with { Quantize = false, Force = true },
            cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(
            ["model.onnx", "notes.txt", "onnx_config.json", "tokenizer.json"],
            Directory.EnumerateFiles(folder.File("out")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_checkpoint_that_is_exported_into_its_own_folder_keeps_its_tokenizer(bool force)
    {
        using TemporaryFolder folder = new TemporaryFolder().CopyAll(CheckpointFolder.Of("bert-class-wins"));
        byte[] before = File.ReadAllBytes(folder.File("tokenizer.json"));
        ColbertException error = Assert.Throws<ColbertException>(
            () => ColbertExporter.Export(folder.Path, folder.Path, new ColbertExportOptions { Force = force }));
        Assert.Equal((ColbertErrorId.OutputExists, folder.File("tokenizer.json")), (error.Id, error.Target));
        Assert.Equal(before, File.ReadAllBytes(folder.File("tokenizer.json")));
        Assert.False(File.Exists(folder.File("model.onnx")));
    }

    [Fact]
    public void A_checkpoint_with_vocab_txt_alone_can_be_exported_into_its_own_folder()
    {
        using TemporaryFolder folder = new TemporaryFolder().CopyAll(Checkpoint);
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllBytes(folder.File("tokenizer.json")))!;
        folder.With("vocab.txt", string.Join('\n', CheckpointFolder.VocabularyOf(tokenizer)));
        File.Delete(folder.File("tokenizer.json"));
        ColbertModelFolder model = ColbertExporter.Export(
            folder.Path, folder.Path, new ColbertExportOptions { Verify = false }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(["model.onnx", "onnx_config.json", "tokenizer.json"], model.Files.Select(file => file.Name));
        Assert.True(File.Exists(folder.File("vocab.txt")));
    }

    [Fact]
    public void The_same_checkpoint_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["one", "two"])
            ColbertExporter.Export(
                Checkpoint, folder.File(name), new ColbertExportOptions { Quantize = true, Verify = false },
                cancellation: TestContext.Current.CancellationToken);
        foreach (string file in Directory.EnumerateFiles(folder.File("one")))
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder.File("two"), Path.GetFileName(file))));
    }

    [Fact]
    public void A_stopped_export_leaves_what_was_there()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var steps = new Steps(step => { if (step == "verification") stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => ColbertExporter.Export(
            Checkpoint, folder.File("out"), progress: steps, cancellation: stop.Token));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Half_precision_halves_the_file_and_changes_little()
    {
        using var folder = new TemporaryFolder();
        ColbertModelFolder full = ColbertExporter.Export(
            Checkpoint, folder.File("full"), cancellation: TestContext.Current.CancellationToken);
        ColbertModelFolder half = ColbertExporter.Export(
            Checkpoint, folder.File("half"), new ColbertExportOptions { HalfPrecision = true },
            cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(
            (double)new FileInfo(folder.File("half/model.onnx")).Length / new FileInfo(folder.File("full/model.onnx")).Length, 0.45, 0.7);
        Assert.InRange(half.Verification!.LargestDifference, 0, 1e-4);
        Assert.Equal(full.Dimension, half.Dimension);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using ColbertModel one = ColbertModel.Load(full.Path), other = ColbertModel.Load(half.Path);
        ReadOnlySpan<float> expected = one.EncodeDocuments(["the quick brown fox"], cancellation: cancellation)[0].Values.Span;
        ReadOnlySpan<float> actual = other.EncodeDocuments(["the quick brown fox"], cancellation: cancellation)[0].Values.Span;
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
            Assert.Equal(
                1, (await ColbertProcess.Run(null, "export", Checkpoint, "-o", folder.File("never"), "--quantize", threshold, "1")).Exit);
            Assert.False(Directory.Exists(folder.File("never")));
        }

        Directory.CreateDirectory(folder.File("one"));
        foreach (string file in Directory.EnumerateFiles(folder.File("out")))
            File.Copy(file, Path.Combine(folder.File("one"), Path.GetFileName(file)));
        foreach (string graph in (string[])["model.onnx", "model_int8.onnx"])
        {
            File.Move(folder.File($"one/{graph}"), folder.File("moved"), overwrite: true);
            var alone = await ColbertProcess.Run(null, "quantize", folder.File("one"), "--verify");
            Assert.Equal((2, ""), (alone.Exit, alone.Output));
            Assert.Contains($"lacks {graph}.", alone.Error, StringComparison.Ordinal);
            File.Move(folder.File("moved"), folder.File($"one/{graph}"));
        }

        Assert.Equal(
            0,
            (await ColbertProcess.Run(
                "a text\n", "encode", "--document", "--model", folder.File("out"), "--quantized", "-", "-o", "-")).Exit);
    }

    [Fact]
    public void INT8_rows_that_are_too_far_from_float32_are_an_error_and_not_written()
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", "bert-base"));
        byte[] before = File.ReadAllBytes(folder.File("model_int8.onnx"));
        foreach (ColbertQuantizeOptions strict in (ColbertQuantizeOptions[])[new() { MinimumCosine = 1 }, new() { MinimumMeanCosine = 1 }])
        {
            ColbertException error = Assert.Throws<ColbertException>(() =>
                ColbertExporter.Quantize(folder.Path, strict with { Force = true }, cancellation: TestContext.Current.CancellationToken));
            Assert.Equal((ColbertErrorId.ParityMissed, folder.Path, 1), (error.Id, error.Target, error.ExitCode));
            Assert.Equal(before, File.ReadAllBytes(folder.File("model_int8.onnx")));
        }
    }
}
