using System.Buffers.Binary;
using System.Text;
using ColbertOnnx.Export;

namespace ColbertOnnx.Tests.Export;

/// <summary>What a weights file says of its tensors is checked before anything is counted by it.</summary>
public sealed class CheckpointWeightsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Theory]
    [InlineData("[]", 4)]
    [InlineData("[3]", 12)]
    [InlineData("[0,3]", 0)]
    [InlineData("[4294967312,0]", 0)]
    [InlineData("[1,3,1]", 12)]
    public void Rows_are_those_of_a_matrix(string shape, int bytes)
    {
        using CheckpointWeights weights = Open("F32", shape, bytes);
        ColbertException error = Assert.Throws<ColbertException>(() => { weights.Rows("x"); });
        Assert.Equal((ColbertErrorId.WeightsInvalid, folder.Path), (error.Id, error.Target));
        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_is_not_read_is_refused_before_its_elements_are_counted()
    {
        using CheckpointWeights weights = Open("F4", "[1099511627776,32]", 0);
        ColbertException error = Assert.Throws<ColbertException>(() => weights.Get([1L << 40, 32], "x"));
        Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        Assert.Contains("the type F4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_without_elements_is_refused()
    {
        using CheckpointWeights weights = Open("F32", "[0,32]", 0);
        ColbertException error = Assert.Throws<ColbertException>(() => weights.Get([0, 32], "x"));
        Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        Assert.Contains("no elements in the tensor 'x'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Word_embeddings_that_are_a_single_number_are_refused()
    {
        const string Table = "embeddings.word_embeddings.weight";
        using AlteredCheckpoint changed =
            new AlteredCheckpoint("bert-base").WithTensors(name => name == Table ? "pooler.before" : name, Table);
        ColbertException error = Assert.Throws<ColbertException>(() => changed.Export());
        Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        Assert.Contains($"'{Table}' as []", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_projection_that_is_a_single_number_is_refused()
    {
        const string Projection = "linear.weight";
        using AlteredCheckpoint changed =
            new AlteredCheckpoint("bert-stanford").WithTensors(name => name == Projection ? "pooler.before" : name, Projection);
        ColbertException error = Assert.Throws<ColbertException>(() => ColbertExporter.Export(
            changed.Path, folder.File("out"), cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        Assert.Contains($"'{Projection}' as []", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    // With one tensor, x.
    private CheckpointWeights Open(string type, string shape, int bytes)
    {
        byte[] header = Encoding.UTF8.GetBytes(
            $$"""{"x":{"dtype":"{{type}}","shape":{{shape}},"data_offsets":[0,{{bytes}}]} }"""), file = new byte[8 + header.Length + bytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        File.WriteAllBytes(folder.File("model.safetensors"), file);
        return CheckpointWeights.Open(folder.Path);
    }
}
