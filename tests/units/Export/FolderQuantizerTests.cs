using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Export;

public sealed class FolderQuantizerTests
{
    private static readonly string[] Texts =
    [
        .. Enumerable.Range(0, 40).Select(i => string.Join(' ', Enumerable.Range(0, i % 13).Select(word => $"word{word * i}"))),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bert-base")]
    [InlineData("modernbert-base")]
    public void The_quantized_model_lies_beside_the_other_and_is_batched(string name)
    {
        using TemporaryFolder folder = Unquantized(name);
        ColbertModelFolder made = ColbertExporter.Quantize(folder.Path, cancellation: Token);
        Assert.Equal(folder.File("model_int8.onnx"), Assert.Single(made.Files).FullName);
        Assert.InRange(made.QuantizedVerification!.MeanCosine, 0.98, 0.9999999);
        Assert.Equal(["model.onnx", "model_int8.onnx", "onnx_config.json", "tokenizer.json"], Names(folder));

        float[][] unbatched = Encode(folder.Path, 1);
        foreach (int? batch in (int?[])[null, 32]) Assert.Equal(unbatched, Encode(folder.Path, batch));
        using ColbertModel model = ColbertModel.Load(folder.Path, new ColbertModelOptions { Quantized = true });
        Assert.Null(model.Lanes.Settings.BatchSize);
    }

    [Fact]
    public void The_dimension_is_known_even_where_the_settings_do_not_say_it()
    {
        using TemporaryFolder folder = Unquantized("bert-base");
        JsonObject settings = JsonNode.Parse(File.ReadAllText(folder.File("onnx_config.json")))!.AsObject();
        int said = (int)settings["embedding_dim"]!;
        settings.Remove("embedding_dim");
        folder.With("onnx_config.json", settings.ToJsonString());
        Assert.Equal(
            said, ColbertExporter.Quantize(folder.Path, new ColbertQuantizeOptions { Verify = false }, cancellation: Token).Dimension);
    }

    [Fact]
    public void What_is_there_stays_unless_it_is_forced()
    {
        using TemporaryFolder folder = Unquantized("bert-base");
        folder.With("model_int8.onnx", "mine").With("model_int8.onnx.data", "old");
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertExporter.Quantize(folder.Path));
        Assert.Equal(ColbertErrorId.OutputExists, error.Id);
        Assert.Equal("mine", File.ReadAllText(folder.File("model_int8.onnx")));

        Written(folder);
        Assert.Equal(["model.onnx", "model_int8.onnx", "onnx_config.json", "tokenizer.json"], Names(folder));
    }

    [Fact]
    public void A_graph_that_fails_leaves_nothing_behind()
    {
        using TemporaryFolder folder = Unquantized("bert-base");
        File.Copy(TestData.Path("onnx", "bert-base", "model_int8.onnx"), folder.File("model.onnx"), overwrite: true);
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertExporter.Quantize(folder.Path));
        Assert.Equal((ColbertErrorId.ModelInvalid, folder.File("model.onnx")), (error.Id, error.Target));
        Assert.Equal(["model.onnx", "onnx_config.json", "tokenizer.json"], Names(folder));
    }

    [Fact]
    public void The_same_folder_gives_the_same_bytes()
    {
        using TemporaryFolder folder = Unquantized("bert-base");
        byte[] first = File.ReadAllBytes(Written(folder));
        Assert.Equal(first, File.ReadAllBytes(Written(folder)));
    }

    private static string Written(TemporaryFolder folder) =>
        ColbertExporter.Quantize(
            folder.Path, new ColbertQuantizeOptions { Force = true, Verify = false }, cancellation: Token).Files[0].FullName;

    private static TemporaryFolder Unquantized(string name)
    {
        TemporaryFolder folder = new TemporaryFolder().Copy(TestData.Path("onnx", name));
        File.Delete(folder.File("model_int8.onnx"));
        return folder;
    }

    private static string[] Names(TemporaryFolder folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static float[][] Encode(string folder, int? batchSize)
    {
        using ColbertModel model = ColbertModel.Load(folder, new ColbertModelOptions { Quantized = true, BatchSize = batchSize });
        return
        [
            .. model.EncodeDocuments(Texts, cancellation: Token).Concat(model.EncodeQueries(Texts, cancellation: Token))
                .Select(embedding => embedding.Values.ToArray()),
        ];
    }
}
