using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Export;

/// <summary>What a checkpoint may say or hold that is not built is an error, and what does not change its vectors is none.</summary>
public sealed class UnsupportedTests
{
    [Theory]
    [InlineData("albert-base", "position_embedding_type", "\"relative_key\"")]
    [InlineData("bert-base", "is_decoder", "true")]
    [InlineData("bert-base", "pruned_heads", "{\"0\":[1]}")]
    [InlineData("deberta-v2-conv", "conv_act", "\"mish\"")]
    [InlineData("deberta-v2-conv", "conv_groups", "4")]
    [InlineData("deberta-v2-conv", "conv_kernel_size", "4")]
    [InlineData("deberta-v3-base", "attention_head_size", "16")]
    [InlineData("deberta-v3-base", "embedding_size", "16")]
    [InlineData("deberta-v3-base", "norm_rel_ebd", "\"batch_norm\"")]
    [InlineData("deberta-v3-base", "pos_att_type", "\"c2p|p2p\"")]
    [InlineData("deberta-v3-base", "position_buckets", "1024")]
    [InlineData("distilbert-base", "activation", "\"mish\"")]
    [InlineData("electra-base", "position_embedding_type", "\"relative_key_query\"")]
    [InlineData("mpnet-base", "relative_attention_num_buckets", "64")]
    [InlineData("roberta-base", "add_cross_attention", "true")]
    [InlineData("xlmr-base", "hidden_act", "\"mish\"")]
    public void A_field_that_is_not_built_is_refused_by_its_name_and_value(string checkpoint, string field, string value)
    {
        using AlteredCheckpoint changed = new AlteredCheckpoint(checkpoint).With(field, value);
        ColbertException error = Assert.Throws<ColbertException>(() => changed.Export());
        Assert.Equal(ColbertErrorId.ArchitectureUnsupported, error.Id);
        Assert.Contains($"{field} = {value}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deberta-v3-base", "position_biased_input", "true", "position_embeddings")]
    [InlineData("deberta-v2-conv", "share_att_key", "true", "pos_")]
    [InlineData("deberta-v2-conv", "norm_rel_ebd", "\"layer_norm\"", "encoder.LayerNorm")]
    [InlineData("electra-base", "embedding_size", "32", "word_embeddings")]
    [InlineData("roberta-base", "num_hidden_layers", "2", "encoder.layer.2")]
    public void A_configuration_that_does_not_belong_to_the_tensors_is_refused_by_their_name(
        string checkpoint, string field, string value, string tensor)
    {
        using AlteredCheckpoint changed = new AlteredCheckpoint(checkpoint).With(field, value);
        ColbertException error = Assert.Throws<ColbertException>(() => changed.Export());
        Assert.True(error.Id is ColbertErrorId.WeightsInvalid or ColbertErrorId.ArchitectureUnsupported);
        Assert.Contains(tensor, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused()
    {
        using AlteredCheckpoint changed = new AlteredCheckpoint("roberta-base").With("num_attention_heads", "5");
        ColbertException error = Assert.Throws<ColbertException>(() => changed.Export());
        Assert.Equal(ColbertErrorId.ConfigurationInvalid, error.Id);
    }

    [Theory]
    [InlineData("lfm2-base", """{"block_ffn_dim_multiplier": null, "block_multiple_of": 256}""")]
    [InlineData("lfm2-base", """{"block_auto_adjust_ff_dim": null, "intermediate_size": 32}""")]
    [InlineData("qwen3-base", """{"use_sliding_window": true, "sliding_window": null, "max_window_layers": 0, "layer_types": null}""")]
    [InlineData("qwen3-base", """{"use_sliding_window": null, "sliding_window": 8, "max_window_layers": 0, "layer_types": null}""")]
    public void A_field_that_is_null_means_what_it_means_in_transformers(string checkpoint, string changes)
    {
        using AlteredCheckpoint bare = new(checkpoint), changed = new(checkpoint);
        foreach ((string field, JsonNode? value) in JsonNode.Parse(changes)!.AsObject())
            changed.With(field, value?.ToJsonString() ?? "null");
        Assert.Equal(bare.Export(), changed.Export());
    }

    [Theory]
    [InlineData("albert-base", "num_hidden_layers", "2000000000", nameof(Limits.MostLayers))]
    [InlineData("modernbert-base", "max_position_embeddings", "2000000000", nameof(Limits.MostPositions))]
    [InlineData("deberta-v3-base", "max_relative_positions", "2000000000", nameof(Limits.MostPositions))]
    [InlineData("eurobert-base", "rope_theta", "0", "rope_theta")]
    [InlineData("bert-base", "layer_norm_eps", "1e999", "layer_norm_eps")]
    [InlineData("bert-base", "vocab_size", "1300", "vocab_size of config.json is 1300, and the embedding matrix has 1202 rows")]
    [InlineData("modernbert-base", "vocab_size", "1300", "vocab_size of config.json is 1300")]
    public void A_number_that_no_model_has_is_refused_by_its_name(string checkpoint, string field, string value, string named)
    {
        using AlteredCheckpoint changed = new AlteredCheckpoint(checkpoint).With("rope_parameters", "null").With(field, value);
        ColbertException error = Assert.Throws<ColbertException>(() => changed.Export());
        Assert.Equal(2, error.ExitCode);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("albert-base", "albert.", "predictions.decoder.weight", "sop_classifier.classifier.weight")]
    [InlineData("deberta-v2-conv", "deberta.", "cls.predictions.bias", "deberta.embeddings.position_ids")]
    [InlineData(
        "deberta-v3-base", "deberta.", "lm_predictions.lm_head.bias", "mask_predictions.dense.weight",
        "deberta.embeddings.position_embeddings.weight")]
    [InlineData(
        "distilbert-base", "distilbert.", "vocab_transform.weight", "vocab_layer_norm.weight", "pre_classifier.weight",
        "qa_outputs.weight")]
    [InlineData(
        "electra-base", "electra.", "discriminator_predictions.dense.weight", "generator_lm_head.bias", "sequence_summary.summary.weight")]
    [InlineData("mpnet-base", "mpnet.", "lm_head.decoder.bias", "classifier.out_proj.weight")]
    [InlineData("roberta-base", "roberta.", "lm_head.dense.weight", "roberta.embeddings.position_ids")]
    [InlineData("xlmr-base", "roberta.", "classifier.dense.weight", "qa_outputs.bias")]
    public void Heads_of_other_tasks_change_no_byte_of_the_graph(string checkpoint, string prefix, params string[] heads)
    {
        using AlteredCheckpoint bare = new(checkpoint),
            headed = new AlteredCheckpoint(checkpoint).WithTensors(name => prefix + name, heads);
        Assert.Equal(bare.Export(), headed.Export());
    }

    [Theory]
    [InlineData("deberta-v2-conv", "encoder.layer.0.attention.self.pos_value_proj.weight")]
    [InlineData("mpnet-base", "embeddings.token_type_embeddings.weight")]
    [InlineData("roberta-base", "encoder.layer.0.attention.self.distance_embedding.weight")]
    public void A_tensor_without_a_place_is_refused_by_its_name(string checkpoint, string tensor)
    {
        using AlteredCheckpoint changed = new AlteredCheckpoint(checkpoint).WithTensors(name => name, tensor);
        ColbertException error = Assert.Throws<ColbertException>(() => changed.Export());
        Assert.Equal(ColbertErrorId.ArchitectureUnsupported, error.Id);
        Assert.Contains(tensor, error.Message, StringComparison.Ordinal);
    }
}
