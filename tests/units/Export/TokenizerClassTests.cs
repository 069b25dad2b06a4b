using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Export;

/// <summary>The classes of transformers that build a tokenizer anew.</summary>
public sealed class TokenizerClassTests
{
    private static readonly string[] FromFile = ["deberta-v3-base", "deberta-v2-conv", "albert-base", "qwen3-base", "qwen3-no-template"];

    [Theory]
    [InlineData("bert-base")]
    [InlineData("bert-cased")]
    [InlineData("mpnet-base")]
    [InlineData("distilbert-base")]
    [InlineData("electra-base")]
    [InlineData("roberta-base")]
    [InlineData("xlmr-base")]
    [InlineData("albert-base")]
    [InlineData("deberta-v3-base")]
    [InlineData("deberta-v2-conv")]
    [InlineData("qwen3-base")]
    [InlineData("qwen3-no-template")]
    public void A_class_builds_what_transformers_saved_of_it_whatever_the_file_says(string name)
    {
        using var copy = new CheckpointCopy(name);
        JsonNode saved = JsonNode.Parse(File.ReadAllBytes(Path.Combine(copy.Path, "tokenizer.json")))!;
        copy.Tokenizer(file =>
        {
            JsonNode? map = name == "xlmr-base" ? file["normalizer"]!.DeepClone() : new JsonObject { ["type"] = "Nmt" };
            file["normalizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["normalizers"] = new JsonArray(new JsonObject { ["type"] = "NFD" }, map),
            };
            file["pre_tokenizer"] = new JsonObject { ["type"] = "Whitespace" };
            file["decoder"] = null;
            if (!FromFile.Contains(name)) file["post_processor"] = null;
            JsonObject model = file["model"]!.AsObject();
            foreach (string option in model.Select(entry => entry.Key).Where(option => option is not ("type" or "vocab" or "merges"))
                .ToList())
                model.Remove(option);
            if ((string?)model["type"] == "WordPiece") (model["unk_token"], model["max_input_chars_per_word"]) = ("[X]", 5);
            if ((string?)model["type"] == "BPE") (model["ignore_merges"], model["fuse_unk"]) = (true, true);
            if ((string?)model["type"] == "Unigram") model["byte_fallback"] = true;
        });
        Assert.Equal(saved.ToJsonString(), copy.Effective("[Q] ", "[D] ").ToJsonString());
    }

    [Theory]
    [InlineData("bert-base", "do_lower_case", false, "normalizer", "lowercase", false)]
    [InlineData("bert-base", "strip_accents", false, "normalizer", "strip_accents", false)]
    [InlineData("mpnet-base", "tokenize_chinese_chars", false, "normalizer", "handle_chinese_chars", false)]
    [InlineData("roberta-base", "add_prefix_space", true, "pre_tokenizer", "add_prefix_space", true)]
    [InlineData("roberta-base", "add_prefix_space", true, "post_processor", "add_prefix_space", true)]
    [InlineData("roberta-base", "trim_offsets", false, "post_processor", "trim_offsets", false)]
    public void Options_of_tokenizer_config_reach_the_parts(
        string name, string option, bool value, string part, string field, bool expected)
    {
        using CheckpointCopy copy = new CheckpointCopy(name).Config(config => config[option] = value);
        Assert.Equal(expected, (bool?)copy.Effective()[part]![field]);
    }

    [Theory]
    [InlineData("xlmr-base", "add_prefix_space", false, "prepend_scheme\":\"never")]
    [InlineData("albert-base", "add_prefix_space", false, "prepend_scheme\":\"never")]
    [InlineData("deberta-v3-base", "add_prefix_space", false, "prepend_scheme\":\"first")]
    [InlineData("deberta-v3-base", "split_by_punct", true, "{\"type\":\"Punctuation\",\"behavior\":\"Isolated\"},{\"type\":\"Metaspace")]
    [InlineData("deberta-v3-base", "do_lower_case", true, "[{\"type\":\"Lowercase\"},{\"type\":\"Replace")]
    [InlineData("qwen3-base", "add_prefix_space", true, "add_prefix_space\":true,\"trim_offsets\":true,\"use_regex\":false")]
    [InlineData(
        "albert-base", "keep_accents", true,
        "{\"type\":\"Lowercase\"},{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\" \"},{\"type\":\"Lowercase\"},{")]
    [InlineData("albert-base", "do_lower_case", false, "{\"type\":\"StripAccents\"},{\"type\":\"Replace\"")]
    public void Options_of_tokenizer_config_change_the_steps(string name, string option, bool value, string expected)
    {
        using CheckpointCopy copy = new CheckpointCopy(name).Config(config => config[option] = value);
        Assert.Contains(expected, Text(copy));
        using CheckpointCopy silent = new CheckpointCopy(name).Config(config => config.AsObject().Remove(option));
        Assert.DoesNotContain(expected, Text(silent));
    }

    [Fact]
    public void DeBERTa_finds_its_unknown_piece_by_its_score_of_zero_and_else_by_unk_id()
    {
        using CheckpointCopy copy = new CheckpointCopy("deberta-v3-base").Config(config => config["unk_id"] = 7);
        Assert.Equal(3, (int?)copy.Effective()["model"]!["unk_id"]);
        copy.Tokenizer(file => file["model"]!["vocab"]![3]![1] = -1.5);
        Assert.Equal(7, (int?)copy.Effective()["model"]!["unk_id"]);
    }

    [Theory]
    [InlineData("BertTokenizer", true)]
    [InlineData("BertTokenizerFast", true)]
    [InlineData(null, true)]
    [InlineData("PreTrainedTokenizerFast", false)]
    [InlineData("DistilBertTokenizer", false)]
    [InlineData("RobertaTokenizer", false)]
    public void The_model_type_s_own_class_builds_and_another_takes_the_file(string? name, bool builds)
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-class-wins").Config(config => config["tokenizer_class"] = name);
        Assert.Equal(builds, (bool?)copy.Effective()["normalizer"]!["lowercase"]);
    }

    [Fact]
    public void Without_a_class_in_tokenizer_config_that_of_config_json_counts()
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-class-wins").Config(config => config.AsObject().Remove("tokenizer_class"));
        copy.Change("config.json", config => config["tokenizer_class"] = "PreTrainedTokenizerFast");
        Assert.False((bool?)copy.Effective()["normalizer"]!["lowercase"]);
        copy.Change("config.json", config => (config["tokenizer_class"], config["model_type"]) = ("BertTokenizerFast", "modernbert"));
        Assert.True((bool?)copy.Effective()["normalizer"]!["lowercase"]);
    }

    [Fact]
    public void ModernBERT_has_no_class_of_its_own()
    {
        using CheckpointCopy copy = new CheckpointCopy("modernbert-base").Config(config => config.AsObject().Remove("tokenizer_class"));
        Assert.Equal("NFC", (string?)copy.Effective()["normalizer"]!["type"]);
    }

    [Fact]
    public void A_class_that_is_not_known_is_TokenizerUnsupported()
    {
        using CheckpointCopy copy =
            new CheckpointCopy("roberta-base").Config(config => config["tokenizer_class"] = "CamembertTokenizerFast");
        copy.Change("config.json", config => config["model_type"] = "camembert");
        var error = Assert.Throws<ColbertException>(() => copy.Effective());
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains("CamembertTokenizer", error.Message);
        Assert.Contains("PreTrainedTokenizerFast", error.Action);
    }

    [Fact]
    public void A_class_over_another_model_is_TokenizerUnsupported()
    {
        using CheckpointCopy copy = new CheckpointCopy("modernbert-base").Config(config => config["tokenizer_class"] = "BertTokenizer");
        copy.Change("config.json", config => config["model_type"] = "bert");
        var error = Assert.Throws<ColbertException>(() => copy.Effective());
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains("BPE", error.Message);
    }

    private static string Text(CheckpointCopy copy) => copy.Effective().ToJsonString(CheckpointCopy.Relaxed);
}
