using ColbertOnnx.Export;
using ColbertOnnx.Onnx;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Export;

/// <summary>What the families of a configuration's fields build, refuse and keep apart.</summary>
public sealed class ArchitectureTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("modernbert-base", "rope_scaling", """{"rope_scaling": {"rope_type": "linear", "factor": 2.0}}""")]
    [InlineData(
        "modernbert-base", "rope_parameters", """{"rope_parameters": {"sliding_attention": {"rope_type": "yarn", "factor": 4.0}}}""")]
    [InlineData("modernbert-base", "partial_rotary_factor", """{"partial_rotary_factor": 0.5}""")]
    [InlineData("modernbert-base", "layer_types", """{"num_hidden_layers": 1, "layer_types": ["chunked_attention"]}""")]
    [InlineData("modernbert-base", "hidden_activation", """{"hidden_activation": "laplace"}""")]
    [InlineData("eurobert-base", "is_causal", """{"is_causal": true}""")]
    [InlineData("eurobert-base", "rope_parameters", """{"rope_parameters": {"rope_type": "llama3", "rope_theta": 250000.0}}""")]
    [InlineData("eurobert-base", "hidden_act", """{"hidden_act": "laplace"}""")]
    [InlineData("qwen3-base", "is_causal", """{"is_causal": false}""")]
    [InlineData("qwen3-base", "layer_types", """{"num_hidden_layers": 1, "layer_types": ["sliding_attention"]}""")]
    [InlineData(
        "qwen3-base", "use_sliding_window",
        """{"layer_types": null, "use_sliding_window": true, "sliding_window": 8, "max_window_layers": 1}""")]
    [InlineData("qwen3-base", "rope_scaling", """{"rope_scaling": {"type": "dynamic", "factor": 2.0}}""")]
    [InlineData("lfm2-base", "is_causal", """{"is_causal": false}""")]
    [InlineData("lfm2-base", "layer_types", """{"num_hidden_layers": 1, "layer_types": ["mamba"]}""")]
    [InlineData("lfm2-base", "full_attn_idxs", """{"layer_types": null, "full_attn_idxs": "all"}""")]
    [InlineData("lfm2-base", "rope_parameters", """{"rope_parameters": {"rope_type": "default", "partial_rotary_factor": 0.5}}""")]
    [InlineData("deberta-v3-base", "position_buckets", """{"position_buckets": 1}""")]
    [InlineData("deberta-v3-base", "position_buckets", """{"position_buckets": 2}""")]
    [InlineData("deberta-v3-base", "position_buckets", """{"relative_attention": false, "position_buckets": 3}""")]
    public void A_field_with_a_value_that_is_not_built_is_refused_by_name_and_value(string name, string field, string changes)
    {
        ColbertException e = Assert.Throws<ColbertException>(() => ChangedCheckpoint.Open(folder, name, changes));
        Assert.Equal(ColbertErrorId.ArchitectureUnsupported, e.Id);
        Assert.True(ChangedCheckpoint.Config(name, changes).TryGet(field, out System.Text.Json.JsonElement value));
        Assert.Contains($"{field} = {value.GetRawText()}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("modernbert-biases", """{"mlp_bias": false}""", "layers.0.mlp.Wi.bias")]
    [InlineData("eurobert-base", """{"num_hidden_layers": 2}""", "layers.2.input_layernorm.weight")]
    [InlineData("qwen3-base", """{"num_hidden_layers": 2, "layer_types": null}""", "layers.2.input_layernorm.weight")]
    public void Tensors_that_the_configuration_has_no_place_for_are_refused(string name, string changes, string tensor)
    {
        using CheckpointWeights weights = CheckpointWeights.Open(CheckpointFolder.Of(name));
        ColbertException e = Assert.Throws<ColbertException>(() => EncoderGraph.Build(
            ChangedCheckpoint.Config(name, changes), weights, [], normalize: true));
        Assert.Equal(ColbertErrorId.ArchitectureUnsupported, e.Id);
        Assert.Contains(tensor, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("modernbert-base", """{"layer_types": ["full_attention"]}""", "layer_types")]
    [InlineData("eurobert-base", """{"rope_parameters": null}""", "rope_theta")]
    [InlineData("albert-base", """{"inner_group_num": 0}""", "inner_group_num")]
    [InlineData("bert-base", """{"num_hidden_layers": -1}""", "num_hidden_layers")]
    [InlineData("distilbert-base", """{"n_layers": 0}""", "n_layers")]
    [InlineData("lfm2-base", """{"block_multiple_of": 0}""", "block_multiple_of")]
    [InlineData("lfm2-base", """{"num_attention_heads": 0, "head_dim": null}""", "num_attention_heads")]
    [InlineData("modernbert-base", """{"layer_types": null, "global_attn_every_n_layers": 0}""", "global_attn_every_n_layers")]
    [InlineData("modernbert-base", """{"num_attention_heads": 5}""", "num_attention_heads")]
    [InlineData("qwen3-base", """{"num_attention_heads": 0, "head_dim": null}""", "num_attention_heads")]
    public void A_configuration_that_contradicts_itself_or_lacks_a_number_is_invalid(string name, string changes, string field)
    {
        ColbertException e = Assert.Throws<ColbertException>(() => ChangedCheckpoint.Open(folder, name, changes));
        Assert.Equal(ColbertErrorId.ConfigurationInvalid, e.Id);
        Assert.Contains(field, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "albert-base", """{"num_hidden_layers": 4096, "inner_group_num": 4096}""", "inner_group_num of config.json is 4096",
        nameof(Limits.MostLayers))]
    [InlineData(
        "deberta-v2-conv", """{"conv_kernel_size": 1000001}""", "conv_kernel_size of config.json is 1000001", nameof(Limits.LargestKernel))]
    [InlineData(
        "deberta-v3-base", """{"position_buckets": 5, "max_relative_positions": 20000}""", "position_buckets of config.json is 5",
        nameof(Limits.MostPositions))]
    [InlineData(
        "deberta-v3-base", """{"position_buckets": 2000000, "max_relative_positions": 1048576}""",
        "position_buckets of config.json is 2000000", nameof(Limits.MostPositions))]
    [InlineData("lfm2-base", """{"conv_L_cache": 1000000}""", "conv_L_cache of config.json is 1000000", nameof(Limits.LargestKernel))]
    [InlineData(
        "modernbert-base", """{"local_attention": 2000000000}""", "local_attention of config.json is 2000000000",
        nameof(Limits.MostPositions))]
    [InlineData(
        "modernbert-base", """{"hidden_size": 4000, "num_attention_heads": 2, "max_position_embeddings": 1048576}""",
        "1048576 positions for heads of 2000 elements", nameof(Limits.LargestPositionTable))]
    [InlineData(
        "eurobert-base", """{"head_dim": 2000, "max_position_embeddings": 1048576}""", "1048576 positions for heads of 2000 elements",
        nameof(Limits.LargestPositionTable))]
    [InlineData(
        "qwen3-base", """{"head_dim": 2000, "max_position_embeddings": 1048576}""", "1048576 positions for heads of 2000 elements",
        nameof(Limits.LargestPositionTable))]
    [InlineData(
        "lfm2-base", """{"head_dim": 2000, "max_position_embeddings": 1048576}""", "1048576 positions for heads of 2000 elements",
        nameof(Limits.LargestPositionTable))]
    public void What_a_few_bytes_of_a_configuration_may_ask_for_has_a_limit(string name, string changes, string what, string limit)
    {
        ColbertException e = Assert.Throws<ColbertException>(() => ChangedCheckpoint.Open(folder, name, changes));
        Assert.Equal(2, e.ExitCode);
        Assert.Contains(what, e.Message, StringComparison.Ordinal);
        Assert.Contains($"(the limit {limit})", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_relative_attention_DeBERTa_has_no_list_of_distances()
    {
        string graph = ChangedCheckpoint.Write(
            folder, "deberta-v3-base",
            """{"relative_attention": false, "position_buckets": 5, "max_relative_positions": 20000}""");
        Assert.Null(OnnxReader.Read(graph).Find("distances.rows"));
        using OrtEncoderSession session = OrtEncoderSession.Open(graph, new EncoderSessionOptions { FuseRows = false });
        Assert.All(ChangedCheckpoint.Run(session, [20, 31], 800), number => Assert.True(float.IsFinite(number)));
    }

    [Theory]
    [InlineData("modernbert-base")]
    [InlineData("eurobert-base")]
    [InlineData("qwen3-base")]
    [InlineData("lfm2-base")]
    public void A_text_gives_the_same_bits_unbatched_and_padded(string name)
    {
        using OrtEncoderSession session = ChangedCheckpoint.Open(folder, name, "{}");
        float[] unbatched = ChangedCheckpoint.Run(session, 20);
        Assert.Equal(unbatched, ChangedCheckpoint.Run(session, 20, 31, 7)[..unbatched.Length]);
    }

    [Theory]
    [InlineData("eurobert-base", """{"rope_parameters": null, "rope_theta": 10000.0}""")]
    [InlineData(
        "qwen3-base", """{"rope_parameters": null, "rope_scaling": {"type": "default"}, "layer_types": null, "num_key_value_heads": 2}""")]
    [InlineData(
        "qwen3-base", """{"rope_parameters": null, "rope_theta": 7.0, "rope_scaling": {"rope_type": "default", "rope_theta": 10000.0}}""")]
    [InlineData(
        "lfm2-base",
        """{"rope_parameters": null, "theta": 1000000.0, "rope_theta": 5.0, "layer_types": null, "full_attn_idxs": [2], "block_ff_dim": 48, "intermediate_size": 1}""")]
    public void The_older_spellings_mean_the_same(string name, string older)
    {
        using OrtEncoderSession session = ChangedCheckpoint.Open(folder, name, "{}"), same = ChangedCheckpoint.Open(folder, name, older);
        Assert.Equal(ChangedCheckpoint.Run(session, 30), ChangedCheckpoint.Run(same, 30));
    }

    [Fact]
    public void Windows_of_a_ModernBert_without_a_theta_of_their_own_take_the_global_one()
    {
        using OrtEncoderSession silent = ChangedCheckpoint.Open(
            folder, "modernbert-base", """{"rope_parameters": null, "global_rope_theta": 500.0, "local_rope_theta": null}""");
        using OrtEncoderSession same = ChangedCheckpoint.Open(
            folder, "modernbert-base", """{"rope_parameters": null, "global_rope_theta": 500.0, "local_rope_theta": 500.0}""");
        Assert.Equal(ChangedCheckpoint.Run(same, 30), ChangedCheckpoint.Run(silent, 30));
    }

    [Theory]
    [InlineData("modernbert-base")]
    [InlineData("qwen3-base")]
    public void A_text_longer_than_the_positions_is_an_error(string name)
    {
        using OrtEncoderSession session = ChangedCheckpoint.Open(folder, name, """{"max_position_embeddings": 64}""");
        Assert.All(ChangedCheckpoint.Run(session, 64), number => Assert.True(float.IsFinite(number)));
        Assert.Equal(ColbertErrorId.InferenceFailed, Assert.Throws<ColbertException>(() => ChangedCheckpoint.Run(session, 65)).Id);
    }

    public void Dispose() => folder.Dispose();
}
