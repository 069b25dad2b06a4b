using ColbertOnnx.Modeling;

namespace ColbertOnnx.Tests.Modeling;

public sealed class ModelFolderTests
{
    private static ModelFolder Open(string path, ColbertModelOptions? options = null) => ModelFolder.Open(path, options ?? new());

    private static ColbertException Fails(TemporaryFolder folder, ColbertErrorId id, ColbertModelOptions? options = null)
    {
        var error = Assert.Throws<ColbertException>(() => Open(folder.Path, options));
        Assert.Equal(id, error.Id);
        Assert.False(string.IsNullOrWhiteSpace(error.Action));
        return error;
    }

    private static TemporaryFolder Complete(string config = "{}") =>
        new TemporaryFolder().With("model.onnx").With("tokenizer.json").With("onnx_config.json", config);

    // bert-base puts [CLS] and [SEP] around a text, and a prefix.
    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, false, true)]
    [InlineData(3, false, false)]
    [InlineData(1, true, true)]
    [InlineData(2, true, false)]
    public void A_limit_that_truncates_nothing_is_a_warning_with_the_least_that_does(int length, bool isBare, bool isWarning)
    {
        var options = new ColbertModelOptions { DocumentLength = length, DocumentPrefix = isBare ? "" : null };
        string[] warnings = [.. Open(TestData.Path("onnx", "bert-base"), options).Resolve().Warnings];
        Assert.Equal(isWarning ? 1 : 0, warnings.Length);
        if (!isWarning) return;
        Assert.Contains($"document_length is {length}", warnings[0], StringComparison.Ordinal);
        Assert.Contains($"at least {(isBare ? 3 : 4)}", warnings[0], StringComparison.Ordinal);
        Assert.Contains(
            "query_length is 1",
            Assert.Single(Open(TestData.Path("onnx", "bert-base"), new() { QueryLength = 1 }).Resolve().Warnings),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void Protected_tokens_without_pooling_are_a_warning(int? poolFactor, int count)
    {
        var options = new ColbertModelOptions { ProtectedTokens = 3, PoolFactor = poolFactor };
        string[] warnings = [.. Open(TestData.Path("onnx", "bert-base"), options).Resolve().Warnings];
        Assert.Equal(count, warnings.Length);
        Assert.All(warnings, warning => Assert.Contains("protected tokens have no effect", warning, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_ModelNotFound()
    {
        var error = Assert.Throws<ColbertException>(() => Open(TestData.Path("onnx", "nothing-here")));
        Assert.Equal(ColbertErrorId.ModelNotFound, error.Id);
        Assert.Contains("nothing-here", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    public void What_is_no_path_is_ModelNotFound(string path) =>
        Assert.Equal(ColbertErrorId.ModelNotFound, Assert.Throws<ColbertException>(() => Open(path)).Id);

    [Fact]
    public void A_file_is_no_folder()
    {
        var error = Assert.Throws<ColbertException>(() => Open(TestData.Path("onnx", "bert-base", "model.onnx")));
        Assert.Equal(ColbertErrorId.ModelNotFound, error.Id);
        Assert.Contains("file", error.Message);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("tokenizer.json")]
    [InlineData("onnx_config.json")]
    public void What_the_folder_lacks_is_named(string missing)
    {
        using TemporaryFolder folder = Complete();
        File.Delete(Path.Combine(folder.Path, missing));
        ColbertException error = Fails(folder, ColbertErrorId.ModelIncomplete);
        Assert.Contains(missing, error.Message);
        Assert.Equal(Path.Combine(folder.Path, missing), error.Target);
    }

    [Fact]
    public void The_graph_that_was_asked_for_must_be_there()
    {
        using TemporaryFolder folder = Complete();
        Assert.Contains("model_int8.onnx", Fails(folder, ColbertErrorId.ModelIncomplete, new() { Quantized = true }).Message);
        folder.With("model_int8.onnx");
        Assert.True(Open(folder.Path, new() { Quantized = true }).IsQuantized);
        Assert.False(Open(folder.Path).IsQuantized);
        File.Delete(Path.Combine(folder.Path, "model.onnx"));
        Assert.True(Open(folder.Path).IsQuantized);
        Fails(folder, ColbertErrorId.ModelIncomplete, new() { Quantized = false });
    }

    [Fact]
    public void A_checkpoint_that_was_exported_into_its_onnx_folder_opens()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("onnx/model.onnx").With("onnx/tokenizer.json")
            .With("onnx/onnx_config.json", "{}");
        ModelFolder model = Open(folder.Path + Path.DirectorySeparatorChar);
        Assert.Equal(Path.Combine(folder.Path, "onnx", "model.onnx"), model.GraphPath);
        Assert.Equal(Path.GetFileName(folder.Path), model.Name);
    }

    [Theory]
    [InlineData("""{"query_length": 32""", "line 1")]
    [InlineData("", "line 1")]
    [InlineData("[]", "a list")]
    [InlineData("""{"query_length": -4}""", "query_length")]
    [InlineData("""{"query_length": 0}""", "query_length")]
    [InlineData("""{"document_length": "48"}""", "document_length")]
    [InlineData("""{"document_length": 4.5}""", "document_length")]
    [InlineData("""{"document_length": 99999999999}""", "document_length")]
    [InlineData("""{"embedding_dim": 0}""", "embedding_dim")]
    [InlineData("""{"mask_token_id": -1}""", "mask_token_id")]
    [InlineData("""{"do_query_expansion": 1}""", "do_query_expansion")]
    [InlineData("""{"skiplist_words": "."}""", "skiplist_words")]
    [InlineData("""{"skiplist_words": [".", 5]}""", "skiplist_words")]
    [InlineData("""{"query_prefix": ["[Q] "]}""", "query_prefix")]
    [InlineData("""{"query_prefix": "\ud800"}""", "query_prefix")]
    [InlineData("""{"prompts": {"query": 1}}""", "prompts.query")]
    [InlineData("""{"prompts": {"\ud800": "x"}}""", "prompts")]
    [InlineData("""{"prompts": {"query": "q: "}, "default_prompt_name": "nope"}""", "default_prompt_name")]
    public void Settings_that_make_no_sense_are_ConfigurationInvalid_with_file_and_field(string json, string place)
    {
        using TemporaryFolder folder = Complete(json);
        ColbertException error = Fails(folder, ColbertErrorId.ConfigurationInvalid);
        Assert.Contains("onnx_config.json", error.Message);
        Assert.Contains(place, error.Message);
        Assert.Equal(Path.Combine(folder.Path, "onnx_config.json"), error.Target);
    }

    [Fact]
    public void Options_that_make_no_sense_are_InputInvalid()
    {
        using TemporaryFolder folder = Complete();
        Assert.Contains("QueryLength", Fails(folder, ColbertErrorId.InputInvalid, new() { QueryLength = 0 }).Message);
        Assert.Contains("PoolFactor", Fails(folder, ColbertErrorId.InputInvalid, new() { PoolFactor = 0 }).Message);
        Assert.Contains("ProtectedTokens", Fails(folder, ColbertErrorId.InputInvalid, new() { ProtectedTokens = -1 }).Message);
    }

    [Theory]
    [InlineData("skiplist", "x")]
    [InlineData("expansion", "QueryExpansion")]
    public void What_the_vocabulary_lacks_is_InputInvalid_of_an_argument_and_ConfigurationInvalid_of_a_file(string what, string target)
    {
        bool isSkiplist = what == "skiplist";
        using var folder = new TemporaryFolder().With("model.onnx")
            .With("tokenizer.json", """{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}""");
        ColbertException Error(string json, ColbertModelOptions options)
        {
            folder.With("onnx_config.json", json);
            ModelFolder model = Open(folder.Path, options with { QueryPrefix = "", DocumentPrefix = "" });
            var error = Assert.Throws<ColbertException>(() => model.Resolve());
            Assert.False(string.IsNullOrWhiteSpace(error.Action));
            return error;
        }

        ColbertException given = Error(
            """{"do_query_expansion": false, "skiplist_words": []}""",
            isSkiplist ? new() { Skiplist = ["a", "x"] } : new() { QueryExpansion = QueryExpansion.On });
        Assert.Equal((ColbertErrorId.InputInvalid, target), (given.Id, given.Target));
        ColbertException read = Error(
            isSkiplist
                ? """{"do_query_expansion": false, "skiplist_words": ["a", "x"]}"""
                : """{"do_query_expansion": true, "skiplist_words": []}""",
            new());
        Assert.Equal((ColbertErrorId.ConfigurationInvalid, null), (read.Id, read.Target));
    }

    [Fact]
    public void Every_setting_says_where_it_came_from()
    {
        using TemporaryFolder folder = Complete("""{"query_length": 24, "skiplist_words": null}""")
            .With("config_sentence_transformers.json", """{"query_length": 40, "document_length": 100, "skiplist_words": ["."]}""")
            .With("sentence_bert_config.json", """{"max_seq_length": 5, "do_lower_case": true}""");
        ColbertSettings settings = Open(folder.Path, new() { PoolFactor = 2 }).Settings;
        Assert.Equal(new Setting<int>(24, "onnx_config.json"), settings.QueryLength);
        Assert.Equal(new Setting<int>(100, "config_sentence_transformers.json"), settings.DocumentLength);
        Assert.Equal("config_sentence_transformers.json", settings.Skiplist.Source);
        Assert.Equal(new Setting<bool>(true, "sentence_bert_config.json"), settings.LowerCase);
        Assert.Equal(new Setting<double>(2, "argument"), settings.PoolFactor);
        Assert.Equal(new Setting<string>("[Q] ", "default"), settings.QueryPrefix);
        Assert.Equal("24 (onnx_config.json)", settings.QueryLength.ToString());
        Assert.Equal("1 words (config_sentence_transformers.json)", settings.Skiplist.ToString());
    }

    [Theory]
    [InlineData("onnx_config.json")]
    [InlineData("config_sentence_transformers.json")]
    public void Rule_09_silent_settings_mean_32_180_and_string_punctuation(string file)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("model.onnx").With("tokenizer.json")
            .With(file, """{"query_length": null}""");
        ColbertSettings settings = Open(folder.Path).Settings;
        Assert.Equal(new Setting<int>(32, "default"), settings.QueryLength);
        Assert.Equal(new Setting<int>(180, "default"), settings.DocumentLength);
        Assert.Equal(new Setting<QueryExpansion>(QueryExpansion.On, "default"), settings.QueryExpansion);
        Assert.Equal("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", string.Concat(settings.Skiplist.Value));
        Assert.Equal(32, settings.Skiplist.Value.Count);
    }

    [Fact]
    public void Rule_09_an_argument_beats_the_files()
    {
        using TemporaryFolder folder =
            Complete("""{"query_length": 24, "document_length": 100, "do_query_expansion": true, "skiplist_words": ["a"]}""");
        ColbertSettings settings = Open(
            folder.Path, new() { QueryLength = 7, DocumentLength = 9, QueryExpansion = QueryExpansion.Off, Skiplist = [] }).Settings;
        Assert.Equal(new Setting<int>(7, "argument"), settings.QueryLength);
        Assert.Equal(new Setting<int>(9, "argument"), settings.DocumentLength);
        Assert.Equal(new Setting<QueryExpansion>(QueryExpansion.Off, "argument"), settings.QueryExpansion);
        Assert.Empty(settings.Skiplist.Value);
    }

    [Theory]
    [InlineData("""{"do_query_expansion": false, "attend_to_expansion_tokens": true}""", QueryExpansion.Off)]
    [InlineData("""{"do_query_expansion": true, "attend_to_expansion_tokens": true}""", QueryExpansion.Attend)]
    [InlineData("""{"attend_to_expansion_tokens": true}""", QueryExpansion.Attend)]
    [InlineData("""{"attend_to_expansion_tokens": false}""", QueryExpansion.On)]
    public void Attention_to_expansion_tokens_needs_expansion(string json, QueryExpansion expected)
    {
        using TemporaryFolder folder = Complete(json);
        Assert.Equal(new Setting<QueryExpansion>(expected, "onnx_config.json"), Open(folder.Path).Settings.QueryExpansion);
    }

    [Fact]
    public void The_embedded_model_says_what_it_is()
    {
        ModelFolder folder = Open(TestData.Path("..", "..", "module", "models", "minilm-l6-colbert-96"));
        Assert.Equal("minilm-l6-colbert-96", folder.Name);
        Assert.True(folder.IsQuantized);
        Assert.Equal(96, folder.Settings.Dimension.Value);
        Assert.Equal(QueryExpansion.Off, folder.Settings.QueryExpansion.Value);
        Assert.Equal("", folder.Settings.QueryPrefix.Value);
    }
}
