using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Export;

/// <summary>
/// Every file of a checkpoint and of a model folder, damaged in every way: an error with the file's name and exit code 2, never one of
/// .NET.
/// </summary>
public sealed class DamagedFileTests : IDisposable
{
    private static readonly (string Checkpoint, string File)[] Json =
    [
        ("bert-base", "config.json"), ("bert-base", "modules.json"), ("bert-base", "config_sentence_transformers.json"),
        ("bert-base", "sentence_bert_config.json"),
        ("bert-base", "tokenizer.json"), ("bert-base", "tokenizer_config.json"), ("bert-base", "special_tokens_map.json"),
        ("bert-base", "added_tokens.json"),
        ("bert-base", "1_Dense/config.json"), ("bert-sharded", "model.safetensors.index.json"), ("bert-stanford", "artifact.metadata"),
        ("bert-stanford", "config.json"),
    ];

    private static readonly (string Checkpoint, string File)[] Binary =
        [
            ("bert-base", "model.safetensors"), ("bert-base", "1_Dense/model.safetensors"),
            ("bert-sharded", "model-00002-of-00003.safetensors"),
        ];

    private static readonly string[] OpenedJson =
    [
        "onnx_config.json", "tokenizer.json", "config_sentence_transformers.json", "sentence_bert_config.json", "tokenizer_config.json",
    ];

    private readonly TemporaryFolder folder = new(), target = new();

    public static TheoryData<string, string, string> Checkpoints() =>
    [
        .. Json.SelectMany(file => DamagedFile.OfAnyFile.Concat(DamagedFile.OfJson).Select(damage => (file.Checkpoint, file.File, damage))),
        .. Binary.SelectMany(file => DamagedFile.OfAnyFile.Select(damage => (file.Checkpoint, file.File, damage))),
        .. new[] { "broken link", "folder", "bad UTF-8" }.Select(damage => ("bert-base", "vocab.txt", damage)),
        .. new[] { "broken link", "folder", "empty", "null" }.Select(damage => ("bert-base", "adapter_config.json", damage)),
        ("bert-base", "pytorch_model.bin", "empty"), ("bert-base", "pytorch_model.bin", "broken link"),
    ];

    public static TheoryData<string, string> Opened() =>
    [
        .. OpenedJson.SelectMany(file => DamagedFile.OfAnyFile.Concat(DamagedFile.OfJson).Select(damage => (file, damage))),
        .. new[] { "model.onnx", "model.onnx.data" }.SelectMany(file => DamagedFile.OfAnyFile.Select(damage => (file, damage))),
    ];

    public static TheoryData<string, string> JsonFiles() => [.. Json];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_damaged_file_of_a_checkpoint_is_an_error_that_names_it(string checkpoint, string file, string damage)
    {
        Lay(checkpoint, file);
        DamagedFile.SkipWhereItCannotBe(damage);
        DamagedFile.Damage(folder.File(file), damage);
        ColbertException error = Assert.Throws<ColbertException>(() => Export("out"));
        Check(error, file);
        if (damage is "broken link" && file.EndsWith(".json", StringComparison.Ordinal)
            && file is not ("tokenizer.json" or "adapter_config.json"))
            Assert.Contains("a link to 'nowhere'", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(target.File("out")));
    }

    [Theory]
    [MemberData(nameof(Opened))]
    public void A_damaged_file_of_a_model_folder_is_an_error_that_names_it(string file, string damage)
    {
        folder.Copy(TestData.Path("onnx", "bert-base"));
        foreach (string name in OpenedJson.Where(name => !File.Exists(folder.File(name)))) folder.With(name, "{\"a\": 1}");
        File.Delete(folder.File("model_int8.onnx"));
        if (file == "model.onnx.data")
            ColbertOnnx.Onnx.OnnxWriter.Write(
                ColbertOnnx.Onnx.OnnxReader.Read(TestData.Path("onnx", "bert-base", "model.onnx")), folder.File("model.onnx"),
                inlineLimit: 0);
        ColbertModel.Load(folder.Path).Dispose();
        DamagedFile.SkipWhereItCannotBe(damage);
        DamagedFile.Damage(folder.File(file), damage);
        Check(Assert.Throws<ColbertException>(() => ColbertModel.Load(folder.Path)), file);
    }

    [Fact]
    public void A_file_that_this_account_may_not_read_is_an_error_that_names_it()
    {
        DamagedFile.SkipWhereItCannotBe("no rights");
        foreach ((string checkpoint, string file) in Json.Concat(Binary))
        {
            using var one = new DamagedFileTests();
            one.A_damaged_file_of_a_checkpoint_is_an_error_that_names_it(checkpoint, file, "no rights");
        }

        foreach (string file in OpenedJson.Append("model.onnx").Append("model.onnx.data"))
        {
            using var one = new DamagedFileTests();
            one.A_damaged_file_of_a_model_folder_is_an_error_that_names_it(file, "no rights");
        }
    }

    [Theory]
    [MemberData(nameof(JsonFiles))]
    public void A_byte_order_mark_changes_nothing(string checkpoint, string file)
    {
        Lay(checkpoint, file);
        Export("plain");
        File.WriteAllBytes(folder.File(file), [0xEF, 0xBB, 0xBF, .. File.ReadAllBytes(folder.File(file))]);
        Export("marked");
        foreach (string written in Directory.EnumerateFiles(target.File("plain")))
            Assert.Equal(File.ReadAllBytes(written), File.ReadAllBytes(Path.Combine(target.File("marked"), Path.GetFileName(written))));
    }

    [Theory]
    [InlineData("""{"weight_map": {"a": null}}""", "null in the place of a file's name")]
    [InlineData("""{"weight_map": {"a": 3}}""", "the number 3")]
    [InlineData("""{"weight_map": {}}""", "names no file")]
    [InlineData("""{"weight_map": []}""", "no weight_map")]
    [InlineData("{}", "no weight_map")]
    [InlineData("""{"weight_map": {"a": "../model.safetensors"}}""", "not a file of the folder")]
    [InlineData("""{"weight_map": {"a": ".."}}""", "not a file of the folder")]
    [InlineData("""{"weight_map": {"a": "a\u0000b"}}""", "lacks")]
    public void An_index_that_names_no_shards_says_what_is_wrong(string json, string what)
    {
        Lay("bert-sharded", "model.safetensors.index.json");
        folder.With("model.safetensors.index.json", json);
        ColbertException error = Assert.Throws<ColbertException>(() => Export("out"));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("index.json", error.Message + error.Action, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        target.Dispose();
    }

    // With the older files, which are read where tokenizer_config.json does not list the added tokens itself.
    private void Lay(string checkpoint, string file)
    {
        folder.CopyAll(CheckpointFolder.Of(checkpoint));
        if (file is "special_tokens_map.json") folder.With(file, """{"unk_token": "[UNK]"}""");
        if (file is "added_tokens.json") folder.With(file, """{"[Q] ": 1200}""");
        if (file is "adapter_config.json") folder.With(file, "{}");
        if (file is "pytorch_model.bin") File.Move(folder.File("model.safetensors"), folder.File(file));
        if (file is not "vocab.txt") return;
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllBytes(folder.File("tokenizer.json")))!;
        folder.With(file, string.Join('\n', CheckpointFolder.VocabularyOf(tokenizer)));
        File.Delete(folder.File("tokenizer.json"));
    }

    private void Export(string name) =>
        ColbertExporter.Export(
            folder.Path, target.File(name), new ColbertExportOptions { Verify = false },
            cancellation: TestContext.Current.CancellationToken);

    private void Check(ColbertException error, string file)
    {
        Assert.Equal(2, error.ExitCode);
        Assert.Contains(Path.GetFileName(file), error.Message + error.Target, StringComparison.Ordinal);
        Assert.StartsWith(folder.Path, error.Target, StringComparison.Ordinal);
        Assert.NotEmpty(error.Action!);
    }
}
