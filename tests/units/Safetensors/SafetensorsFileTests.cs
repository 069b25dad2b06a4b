using System.Buffers.Binary;
using System.Text;
using ColbertOnnx.Safetensors;

namespace ColbertOnnx.Tests.Safetensors;

public sealed class SafetensorsFileTests
{
    private static byte[] Build(string header, params byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data];
    }

    private static T With<T>(byte[] bytes, Func<string, T> use)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "weights.safetensors");
        File.WriteAllBytes(path, bytes);
        return use(path);
    }

    private static float[] Singles(string type, params byte[] data) => With(
        Build($$"""{"__metadata__":{"format":"pt"},"x":{"dtype":"{{type}}","shape":[2],"data_offsets":[0,{{data.Length}}] } }""", data),
        path =>
        {
            using var file = SafetensorsFile.Open(path);
            Assert.Equal("pt", file.Metadata["format"]);
            Assert.Equal([2], file["x"].Shape);
            return file.ReadSingles("x");
        });

    [Theory]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("""{"epoch":3,"done":true,"loss":1.50,"note":null}""", "epoch=3 done=true loss=1.50 note=null")]
    [InlineData("""{"format":"pt","tags":["a", 1]}""", """format=pt tags=["a", 1]""")]
    public void Metadata_that_are_no_strings_keep_nobody_from_the_tensors(string metadata, string? expected) => Assert.True(With(
        Build($$"""{"__metadata__":{{metadata}},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]} }""", 0, 0, 0xC0, 0x3F),
        path =>
        {
            using var file = SafetensorsFile.Open(path);
            Assert.Equal([1.5f], file.ReadSingles("x"));
            Assert.Equal(expected ?? "", string.Join(' ', file.Metadata.Select(pair => $"{pair.Key}={pair.Value}")));
            string copy = path + ".safetensors";
            File.Copy(path, copy);
            return Assert.Throws<ColbertException>(() => ColbertEmbeddingFile.Read(copy).Count()).Message
                .Contains("(1)", StringComparison.Ordinal);
        }));

    [Theory]
    [InlineData("3")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("""{"x":"\ud800"}""")]
    public void Metadata_that_are_no_object_of_strings_are_named_as_what_is_wrong(string metadata)
    {
        ColbertException error = With(
            Build($$"""{"__metadata__":{{metadata}},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]} }""", 0, 0, 0, 0),
            path => Assert.Throws<ColbertException>(() => SafetensorsFile.Open(path)));
        Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        Assert.Contains("__metadata__", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_element_type_becomes_float32()
    {
        Assert.Equal([1.5f, -2f], Singles("F32", 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0));
        Assert.Equal([1.5f, -2f], Singles("BF16", 0xC0, 0x3F, 0, 0xC0));
        Assert.Equal([1.5f, -2f], Singles("F16", 0, 0x3E, 0, 0xC0));
        Assert.Equal([6.103515625e-05f / 1024, float.PositiveInfinity], Singles("F16", 1, 0, 0, 0x7C));
        Assert.Equal([1.5f, -2f], Singles("F64", [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-2.0)]));
        Assert.Equal([7f, -1f], Singles("I64", [.. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(-1L)]));
        Assert.Equal([7f, -1f], Singles("I32", [.. BitConverter.GetBytes(7), .. BitConverter.GetBytes(-1)]));
        Assert.Equal([7f, -1f], Singles("I16", 7, 0, 0xFF, 0xFF));
        Assert.Equal([7f, -1f], Singles("I8", 7, 0xFF));
        Assert.Equal([7f, 255f], Singles("U8", 7, 0xFF));
        Assert.Equal([1f, 0f], Singles("BOOL", 1, 0));
    }

    [Fact]
    public void A_weight_that_float32_cannot_hold_is_no_infinity()
    {
        var error = Assert.Throws<ColbertException>(() => Singles("F64", [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(1e39)]));
        Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
        Assert.Contains("element 2", error.Message, StringComparison.Ordinal);
        Assert.Equal(
            [1.5f, float.PositiveInfinity],
            Singles("F64", [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(double.PositiveInfinity)]));
    }

    [Fact]
    public void A_type_without_use_is_listed_and_refused_when_read()
    {
        var error = Assert.Throws<ColbertException>(() => Singles("F8_E4M3", 1, 2));
        Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        Assert.Contains("F8_E4M3", error.Message);
    }

    [Fact]
    public void A_part_of_a_long_tensor_is_read_in_pieces()
    {
        byte[] data = new byte[2 * 100_000];
        for (int i = 0; i < 100_000; i++) BitConverter.TryWriteBytes(data.AsSpan(i * 2), (short)(i % 30_000));
        float[] part = With(Build("""{"x":{"dtype":"I16","shape":[100000],"data_offsets":[0,200000]}}""", data), path =>
        {
            using var file = SafetensorsFile.Open(path);
            float[] values = new float[70_000];
            file.ReadSingles(file["x"], 25_000, values);
            Assert.Throws<ArgumentOutOfRangeException>(() => file.ReadSingles(file["x"], 40_000, values));
            return values;
        });
        for (int i = 0; i < part.Length; i++) Assert.Equal((25_000 + i) % 30_000, part[i]);
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "'x' ends at byte")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "behind its last tensor")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "'x' 8 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "negative")]
    [InlineData(
        """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 8, "'y'")]
    [InlineData(
        """{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"x":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}""", 8, "twice")]
    [InlineData("""{"x":{"shape":[2],"data_offsets":[0,8]}}""", 8, "header")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "header")]
    [InlineData("""{"x":{"dtype":"F32","shape":[9223372036854775807,8],"data_offsets":[0,8]}}""", 8, "header")]
    [InlineData("""{"x":""", 8, "JSON")]
    [InlineData("[]", 0, "header")]
    public void A_file_that_contradicts_itself_is_WeightsInvalid_with_the_place(string header, int bytes, string place)
    {
        var error = Assert.Throws<ColbertException>(() => With(Build(header, new byte[bytes]), SafetensorsFile.Open));
        Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        Assert.Contains("weights.safetensors", error.Message);
        Assert.Contains(place, error.Message);
    }

    [Fact]
    public void What_is_no_safetensors_file_is_WeightsInvalid()
    {
        foreach (byte[] bytes in new byte[][] { [], [1, 2, 3], [255, 0, 0, 0, 0, 0, 0, 0, (byte)'{'], [.. "this is only some text"u8] })
        {
            var error = Assert.Throws<ColbertException>(() => With(bytes, SafetensorsFile.Open));
            Assert.Equal(ColbertErrorId.WeightsInvalid, error.Id);
        }

        Assert.Equal(
            ColbertErrorId.WeightsInvalid,
            Assert.Throws<ColbertException>(() => SafetensorsFile.Open(TestData.Path("nothing.safetensors"))).Id);
    }

    [Fact]
    public void A_stored_case_reads_back()
    {
        using ReferenceCase reference = ReferenceCase.Load("bert-base");
        ReferenceRun query = reference["query"];
        Assert.Equal(32, query.Ids(0).Length);
        Assert.Equal(1200, query.Ids(0)[1]);
        Assert.Equal(32 * query.Dimension, query.Embeddings(0).Length);
        float norm = 0;
        foreach (float value in query.Embeddings(0)[..query.Dimension]) norm += value * value;
        Assert.Equal(1, norm, 1e-5f);
    }
}
