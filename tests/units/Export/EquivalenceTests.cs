using ColbertOnnx.Runtime;

namespace ColbertOnnx.Tests.Export;

/// <summary>Configurations that no reference checkpoint has, by what they must be equal to.</summary>
public sealed class EquivalenceTests
{
    [Fact]
    public void Electra_with_embeddings_as_wide_as_its_hidden_states_is_Bert()
    {
        using AlteredCheckpoint bert = new("bert-base"),
            electra = new AlteredCheckpoint("bert-base").With("model_type", "\"electra\"").With("embedding_size", "32");
        Assert.Equal(bert.Export(), electra.Export());
    }

    [Theory]
    [InlineData("deberta-v3-base", "pos_att_type", "\"c2p | p2c\"")]
    [InlineData("deberta-v3-base", "pos_att_type", "[\"c2p\",\"p2c\"]")]
    [InlineData("deberta-v3-base", "max_relative_positions", "256")]
    [InlineData("deberta-v2-conv", "position_buckets", "0")]
    [InlineData("deberta-v2-conv", "attention_head_size", "8")]
    [InlineData("deberta-v2-conv", "conv_groups", "1")]
    [InlineData("roberta-base", "pad_token_id", "null")]
    [InlineData("mpnet-base", "pad_token_id", "0")]
    public void The_same_configuration_in_other_words_gives_the_same_bytes(string checkpoint, string field, string value)
    {
        using AlteredCheckpoint one = new(checkpoint), other = new AlteredCheckpoint(checkpoint).With(field, value);
        Assert.Equal(one.Export(), other.Export());
    }

    [Fact]
    public void Two_layers_within_an_Albert_group_are_two_groups_of_one_layer()
    {
        using AlteredCheckpoint apart = new AlteredCheckpoint("albert-groups").With("num_hidden_layers", "2");
        using AlteredCheckpoint within = new AlteredCheckpoint("albert-groups").With("num_hidden_layers", "1")
            .With("num_hidden_groups", "1").With("inner_group_num", "2")
            .WithTensors(name => name.Replace("groups.1.albert_layers.0", "groups.0.albert_layers.1", StringComparison.Ordinal));
        Assert.Equal(Rows(apart), Rows(within));
    }

    private static float[] Rows(AlteredCheckpoint checkpoint)
    {
        checkpoint.Export();
        using OrtEncoderSession session = OrtEncoderSession.Open(checkpoint.GraphPath, new EncoderSessionOptions());
        int[] ids = [2, 17, 300, 44, 3];
        float[] rows = new float[ids.Length * session.Dimension];
        session.Run(1, ids.Length, ids, [1, 1, 1, 1, 1], rows, TestContext.Current.CancellationToken);
        return rows;
    }
}
