using System.Text;
using ColbertOnnx.Hub;

namespace ColbertOnnx.Tests.Hub;

public sealed class HubSelectionTests
{
    private const string Modules =
        """[{"path": "", "type": "a.Transformer"}, {"path": "1_Dense", "type": "b.Dense"}, {"path": "2_Normalize", "type": "b.Normalize"}]""";
    private static readonly string[] Others =
        [
            "README.md", ".gitattributes", "tf_model.h5", "pytorch_model.bin", "openvino/model.safetensors", "onnx/model.onnx",
            "checkpoint-500/model.safetensors", "vocab.txt",
        ];

    [Fact]
    public void A_checkpoint_needs_weights_configuration_tokenizer_and_its_modules()
    {
        string[] needed =
        [
            "1_Dense/config.json", "1_Dense/model.safetensors", "added_tokens.json", "config.json", "config_sentence_transformers.json",
            "model.safetensors", "modules.json",
            "sentence_bert_config.json", "special_tokens_map.json", "tokenizer.json", "tokenizer_config.json",
        ];
        Assert.Equal(
            needed,
            Select(
                HubContent.Model, [.. needed, "2_Dense/config.json", "2_Dense/model.safetensors", .. Others], ("modules.json", Modules)));
    }

    [Fact]
    public void A_Stanford_checkpoint_needs_its_artifact_and_no_modules() =>
        Assert.Equal(
            ["artifact.metadata", "config.json", "model.safetensors", "tokenizer.json"],
            Select(HubContent.Checkpoint, ["artifact.metadata", "config.json", "model.safetensors", "tokenizer.json", .. Others]));

    [Fact]
    public void Sharded_weights_are_those_of_the_index() =>
        Assert.Equal(
            ["config.json", "model-1.safetensors", "model-2.safetensors", "model.safetensors.index.json"],
            Select(
                HubContent.Checkpoint,
                ["config.json", "model-1.safetensors", "model-2.safetensors", "model-3.safetensors", "model.safetensors.index.json"],
                (
                    "model.safetensors.index.json",
                    """{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors", "c": "model-1.safetensors"}}""")));

    [Fact]
    public void Weights_may_lie_in_the_folder_of_their_module() =>
        Assert.Equal(
            [
                "0_Transformer/config.json", "0_Transformer/model-1.safetensors", "0_Transformer/model.safetensors.index.json",
                "0_Transformer/tokenizer.json", "modules.json",
            ],
            Select(
                HubContent.Checkpoint,
                [
                    "0_Transformer/config.json", "0_Transformer/model-1.safetensors", "0_Transformer/model.safetensors.index.json",
                    "0_Transformer/tokenizer.json", "modules.json",
                ],
                ("modules.json", """[{"path": "0_Transformer", "type": "a.Transformer"}]"""),
                ("0_Transformer/model.safetensors.index.json", """{"weight_map": {"a": "model-1.safetensors"}}""")));

    [Theory]
    [InlineData(null, "model.onnx")]
    [InlineData(false, "model.onnx")]
    [InlineData(true, "model_int8.onnx")]
    public void Of_two_graphs_the_one_is_needed_that_will_be_opened(bool? quantized, string graph)
    {
        string[] names = ["config.json", "model.onnx", "model_int8.onnx", "onnx_config.json", "tokenizer.json", "model.safetensors"];
        Assert.Equal([graph, "onnx_config.json", "tokenizer.json"], Select(HubContent.Model, names, quantized));
    }

    [Fact]
    public void External_data_comes_with_its_graph() =>
        Assert.Equal(
            ["model.onnx", "model.onnx.data", "model.onnx_data", "model.onnx_data_1", "onnx_config.json", "tokenizer.json"],
            Select(
                HubContent.Model,
                [
                    "model.onnx", "model.onnx.data", "model.onnx_data", "model.onnx_data_1", "model_int8.onnx", "model_int8.onnx.data",
                    "onnx_config.json", "tokenizer.json",
                ]));

    [Fact]
    public void A_graph_in_the_folder_onnx_counts_when_our_settings_lie_beside_it()
    {
        string[] graph = ["onnx/model_int8.onnx", "onnx/onnx_config.json", "onnx/tokenizer.json"];
        string[] checkpoint = ["config.json", "model.safetensors", "tokenizer.json"];
        Assert.Equal(graph, Select(HubContent.Model, [.. graph, .. checkpoint]));
        Assert.Equal(checkpoint, Select(HubContent.Model, ["onnx/model.onnx", "onnx/tokenizer.json", .. checkpoint]));
        Assert.Equal(checkpoint, Select(HubContent.Checkpoint, [.. graph, .. checkpoint]));
    }

    [Fact]
    public void An_old_exported_folder_has_its_settings_in_the_checkpoint_s_file() =>
        Assert.Equal(
            ["config_sentence_transformers.json", "model.onnx", "tokenizer.json"],
            Select(HubContent.Model, ["config_sentence_transformers.json", "model.onnx", "tokenizer.json"]));

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model-00001-of-00002.bin")]
    public void Pickled_weights_alone_are_an_error_that_says_how_to_convert_them(string file)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Select(HubContent.Checkpoint, ["config.json", file]));
        Assert.Equal((ColbertErrorId.ModelIncomplete, file), (error.Id, error.Target));
        Assert.Contains("save_file", error.Action);
    }

    [Fact]
    public void An_adapter_is_refused_before_anything_heavy_is_fetched()
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Select(
            HubContent.Checkpoint, ["config.json", "model.safetensors", "adapter_config.json", "adapter_model.safetensors"]));
        Assert.Equal((ColbertErrorId.ArchitectureUnsupported, "adapter_config.json"), (error.Id, error.Target));
        Assert.Contains("merge_and_unload", error.Action);
    }

    [Fact]
    public void A_module_with_pickled_weights_alone_is_an_error_too()
    {
        string[] names = ["config.json", "model.safetensors", "modules.json", "1_Dense/config.json", "1_Dense/pytorch_model.bin"];
        Assert.Equal(
            "1_Dense/pytorch_model.bin",
            Assert.Throws<ColbertException>(() => Select(HubContent.Checkpoint, names, ("modules.json", Modules))).Target);
    }

    [Theory]
    [InlineData("model.safetensors", "config.json")]
    [InlineData("config.json", "model.safetensors")]
    [InlineData("1_Dense/model.safetensors", "config.json", "model.safetensors", "modules.json", "1_Dense/config.json")]
    [InlineData("model-2.safetensors", "config.json", "model-1.safetensors", "model.safetensors.index.json")]
    public void What_is_missing_is_named(string missing, params string[] names)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Select(
            HubContent.Checkpoint, names, ("modules.json", Modules),
            ("model.safetensors.index.json", """{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}""")));
        Assert.Equal((ColbertErrorId.ModelIncomplete, missing), (error.Id, error.Target));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{\"path\": null, \"type\": \"a.Dense\"}]")]
    [InlineData("[{\"type\": \"a.Dense\"}]")]
    [InlineData("[1]")]
    public void A_damaged_modules_json_is_an_error(string json) =>
        Assert.Equal(
            ColbertErrorId.ConfigurationInvalid,
            Assert.Throws<ColbertException>(() => Select(
                HubContent.Checkpoint, ["config.json", "model.safetensors", "modules.json"], ("modules.json", json))).Id);

    private static string[] Select(HubContent content, string[] names, params (string Name, string Json)[] files) =>
        Select(content, names, null, files);

    // As a download does it: what is not read at first is read then.
    private static string[] Select(HubContent content, string[] names, bool? quantized, params (string Name, string Json)[] files)
    {
        var request = new HubRequest { Repository = "a/b", Content = content, Quantized = quantized };
        var contents = new Dictionary<string, byte[]>();
        HubSelection selection = HubSelection.Of(request, names.ToHashSet(), contents);
        while (selection.Unread.Count > 0)
        {
            foreach (string name in selection.Unread)
                contents.Add(name, Encoding.UTF8.GetBytes(files.Single(file => file.Name == name).Json));
            selection = HubSelection.Of(request, names.ToHashSet(), contents);
        }

        return [.. selection.Files.Order(StringComparer.Ordinal)];
    }
}
