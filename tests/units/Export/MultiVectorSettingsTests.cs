using ColbertOnnx.Export;
using ColbertOnnx.Tests.Pipeline;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Export;

/// <summary>
/// What a checkpoint of sentence-transformers 6 says, field by field; its model inputs are in <see cref="CheckpointInputsTests"/>.
/// </summary>
public sealed class MultiVectorSettingsTests
{
    private static TemporaryFolder Checkpoint(string transformer = "{}", string mask = "{}", params string[] modules)
    {
        string[] all = modules.Length > 0
            ? modules
            : ["base.modules.dense.Dense", "multi_vector_encoder.modules.multi_vector_mask.MultiVectorMask"];
        string list = string.Concat(all.Select((type, i) => $$""", {"path": "{{i + 1}}", "type": "sentence_transformers.{{type}}"}"""));
        var folder = new TemporaryFolder().With(
            "modules.json", $$"""[{"path": "", "type": "sentence_transformers.base.modules.transformer.Transformer"}{{list}}]""")
            .With(
                "config_sentence_transformers.json",
                """{"model_type": "MultiVectorEncoder", "prompts": {"query": "[Q] ", "other": "x"}, "default_prompt_name": "other"}""")
            .With("config.json", """{"max_position_embeddings": 300}""")
            .With(
                "tokenizer_config.json",
                """{"model_max_length": 1000000000000000019884624838656, "padding_side": "left", "mask_token": "[MASK]", "pad_token": "[PAD]"}""")
            .With("sentence_bert_config.json", transformer);
        for (int i = 0; i < all.Length; i++)
            folder.With(
                $"{i + 1}/config.json",
                all[i].EndsWith("Dense", StringComparison.Ordinal)
                    ? """{"in_features": 8, "out_features": 4}"""
                    : all[i].EndsWith("Mask", StringComparison.Ordinal) ? mask
                    : """{"module_input_name": "token_embeddings"}""");
        return folder;
    }

    private static ColbertSettings Read(TemporaryFolder folder, ColbertModelOptions? options = null)
    {
        using (folder) return CheckpointSettings.Read(folder.Path, options).Settings;
    }

    [Fact]
    public void What_no_file_says_means_no_expansion_no_skiplist_and_as_many_tokens_as_the_model_takes()
    {
        ColbertSettings settings = Read(Checkpoint());
        Assert.Equal(new Setting<int>(300, "config.json"), settings.QueryLength);
        Assert.Equal(new Setting<int>(300, "config.json"), settings.DocumentLength);
        Assert.Equal(QueryExpansion.Off, settings.QueryExpansion.Value);
        Assert.Empty(settings.Skiplist.Value);
        Assert.Equal("", settings.QueryPrefix.Value);
        Assert.False(settings.NormalizeEmbeddings.Value);
        Assert.Equal(1, settings.PoolFactor.Value);
        Assert.Equal("[Q] ", settings.Prompts.Value[settings.QueryPromptName.Value!]);
        Assert.Equal("", settings.Prompts.Value[settings.DocumentPromptName.Value!]);
        Assert.Equal(20, Read(Checkpoint("""{"max_seq_length": 20}""")).DocumentLength.Value);
    }

    [Fact]
    public void A_minimum_expands_short_queries_at_the_right_and_a_fixed_length_limits_them_too()
    {
        ColbertSettings minimum =
            Read(Checkpoint("""{"query_length": 20, "query_expansion": {"strategy": "min", "length": 12, "attend": true}}"""));
        Assert.Equal(
            (20, 12, QueryExpansion.Attend, TokenSide.Right),
            (minimum.QueryLength.Value, minimum.ExpansionLength.Value, minimum.QueryExpansion.Value, minimum.PaddingSide.Value!.Value));
        ColbertSettings whole = Read(Checkpoint("""{"query_length": 20, "query_expansion": {"strategy": "fixed", "length": 12}}"""));
        Assert.Equal(
            (12, null, QueryExpansion.On, TokenSide.Left),
            (whole.QueryLength.Value, whole.ExpansionLength.Value, whole.QueryExpansion.Value, whole.PaddingSide.Value!.Value));
    }

    [Fact]
    public void Without_a_mask_module_unattended_expansion_brings_no_rows_back() =>
        Assert.Equal(
            QueryExpansion.Off,
            Read(Checkpoint(
                """{"query_expansion": {"strategy": "fixed", "length": 12}}""", "{}", "base.modules.dense.Dense")).QueryExpansion.Value);

    [Fact]
    public void Arguments_beat_the_files_here_too()
    {
        ColbertSettings settings = Read(
            Checkpoint(
                """{"document_length": 40, "query_expansion": {"strategy": "fixed", "length": 12}}""", """{"skiplist_words": ["."]}"""),
            new()
            {
                QueryLength = 7,
                DocumentLength = 9,
                QueryExpansion = QueryExpansion.Attend,
                Skiplist = ["a"],
                PoolFactor = 3,
                ProtectedTokens = 0,
            });
        Assert.Equal(
            (7, 9, QueryExpansion.Attend), (settings.QueryLength.Value, settings.DocumentLength.Value, settings.QueryExpansion.Value));
        Assert.Equal(["a"], settings.Skiplist.Value);
        Assert.Equal((3, 0), (settings.PoolFactor.Value, settings.ProtectedTokens.Value));
    }

    [Fact]
    public void A_skiplist_task_may_be_one_name_or_a_list()
    {
        Assert.Equal([TextKind.Query], Read(Checkpoint(mask: """{"skiplist_tasks": "query"}""")).SkiplistTasks.Value);
        Assert.Equal(
            [TextKind.Query, TextKind.Document],
            Read(Checkpoint(mask: """{"skiplist_tasks": ["document", "query", "rerank"]}""")).SkiplistTasks.Value);
    }

    [Fact]
    public void Unknown_skiplist_words_are_left_out_with_a_warning_and_a_token_that_expands_must_be_there()
    {
        string folder = CheckpointFolder.Of("st6-bert-skip-unknown");
        Tokenizer tokenizer = ResolvedCheckpoint.TokenizerOf(folder);
        CheckpointSettings checkpoint = CheckpointSettings.Read(folder);
        Assert.Contains("'zzzunknown', 'The'", Assert.Single(checkpoint.Resolve(tokenizer).Warnings), StringComparison.Ordinal);
        var error = Assert.Throws<ColbertException>(() =>
            (checkpoint with { NamedTokens = checkpoint.NamedTokens! with { Expansion = "[nothing]" } }).Resolve(tokenizer));
        Assert.Contains("[nothing]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lower_case_flag_is_left_to_the_tokenizer()
    {
        using TemporaryFolder folder = Checkpoint("""{"do_lower_case": true}""");
        CheckpointSettings checkpoint = CheckpointSettings.Read(folder.Path);
        Assert.True(checkpoint.LowersInTokenizer);
        Assert.False(checkpoint.Settings.LowerCase.Value);
    }

    [Theory]
    [InlineData("""{"query_expansion": {"strategy": "fixed"}}""", "query_expansion.length")]
    [InlineData("""{"query_expansion": {"strategy": "most", "length": 4}}""", "query_expansion.strategy")]
    [InlineData("""{"query_expansion": {"strategy": "min", "length": 4, "more": 1}}""", "query_expansion.more")]
    [InlineData("""{"query_expansion": {"strategy": "min", "length": 4, "attend": 1}}""", "query_expansion.attend")]
    [InlineData("""{"query_expansion": {"strategy": "min", "length": 4}, "query_length": 3}""", "query_length")]
    [InlineData("""{"query_expansion": []}""", "query_expansion")]
    [InlineData("""{"processing_kwargs": {"text": {"max_length": 3}}}""", "processing_kwargs")]
    [InlineData("""{"transformer_task": "text-generation"}""", "transformer_task")]
    [InlineData("""{"document_length": 0}""", "document_length")]
    public void What_has_no_meaning_here_is_ConfigurationInvalid_with_file_and_field(string transformer, string field)
    {
        var error = Assert.Throws<ColbertException>(() => Read(Checkpoint(transformer)));
        Assert.Equal(ColbertErrorId.ConfigurationInvalid, error.Id);
        Assert.StartsWith($"{field} of sentence_bert_config.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("base.modules.normalize.Normalize", "base.modules.dense.Dense")]
    [InlineData("multi_vector_encoder.modules.token_pooling.HierarchicalTokenPooling", "base.modules.normalize.Normalize")]
    [InlineData("base.modules.normalize.Normalize", "base.modules.normalize.Normalize")]
    public void Modules_in_an_order_that_would_give_other_rows_are_refused(params string[] modules)
    {
        var error = Assert.Throws<ColbertException>(() => Read(Checkpoint("{}", "{}", modules)));
        Assert.Equal(ColbertErrorId.ConfigurationInvalid, error.Id);
        Assert.Contains(modules[1], error.Message, StringComparison.Ordinal);
    }
}
