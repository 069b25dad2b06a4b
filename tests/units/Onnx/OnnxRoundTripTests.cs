using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Runtime;
using Google.Protobuf;

namespace ColbertOnnx.Tests.Onnx;

/// <summary>Graphs of another tool, read and written again.</summary>
public sealed class OnnxRoundTripTests
{
    private static readonly string Source = TestData.Path("onnx", "bert-base", "model.onnx");

    public static TheoryData<string> Folders => [.. ReferenceCase.OnnxNames];

    [Theory]
    [MemberData(nameof(Folders))]
    public void What_was_read_and_written_computes_the_same_bits(string name)
    {
        using var folder = new TemporaryFolder();
        foreach (string source in Directory.EnumerateFiles(TestData.Path("onnx", name), "*.onnx"))
        {
            string file = Path.GetFileName(source), copy = folder.File(file), apart = folder.File("apart-" + file);
            OnnxWriter.Write(OnnxReader.Read(source), copy);
            OnnxWriter.Write(OnnxReader.Read(source), apart, inlineLimit: 0);
            Assert.True(File.Exists(OnnxWriter.DataOf(apart)));
            Assert.False(File.Exists(OnnxWriter.DataOf(copy)));
            float[] expected = Rows(source);
            Assert.Equal(expected, Rows(copy));
            Assert.Equal(expected, Rows(apart));

            string again = folder.File("again-" + file);
            OnnxWriter.Write(OnnxReader.Read(apart), again);
            Assert.Equal(expected, Rows(again));
        }
    }

    [Fact]
    public void The_same_model_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in (string[])["a.onnx", "b.onnx"]) OnnxWriter.Write(OnnxReader.Read(Source), folder.File(file));
        Assert.Equal(File.ReadAllBytes(folder.File("a.onnx")), File.ReadAllBytes(folder.File("b.onnx")));
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = File.ReadAllBytes(Source);
        string file = folder.File("model.onnx");
        for (int part = 0; part < 100; part++)
        {
            File.WriteAllBytes(file, whole[..(int)((long)whole.Length * part / 100)]);
            ColbertException error = Assert.Throws<ColbertException>(() => OnnxReader.Read(file));
            Assert.Equal(ColbertErrorId.ModelInvalid, error.Id);
            Assert.Equal(file, error.Target);
        }
    }

    [Fact]
    public void A_data_file_that_is_a_link_to_nothing_is_not_there()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A link needs rights.");
        using var folder = new TemporaryFolder();
        string file = folder.File("model.onnx"), data = OnnxWriter.DataOf(file), blob = folder.File("blob");
        OnnxWriter.Write(OnnxReader.Read(Source), file, inlineLimit: 0);
        File.Move(data, blob);
        File.CreateSymbolicLink(data, blob);
        Assert.NotEmpty(OnnxReader.Read(file).Initializers);
        File.Delete(blob);
        Assert.Equal((ColbertErrorId.ModelIncomplete, data), IdAndTarget(file));
    }

    [Fact]
    public void A_data_file_that_is_missing_or_cut_off_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.onnx"), data = OnnxWriter.DataOf(file);
        OnnxWriter.Write(OnnxReader.Read(Source), file, inlineLimit: 0);
        byte[] whole = File.ReadAllBytes(data);
        File.WriteAllBytes(data, whole[..^1]);
        Assert.Equal((ColbertErrorId.ModelIncomplete, data), IdAndTarget(file));
        File.Delete(data);
        Assert.Equal((ColbertErrorId.ModelIncomplete, data), IdAndTarget(file));
    }

    [Fact]
    public void Fields_of_later_versions_of_the_format_survive()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("model.onnx"), copy = folder.File("copy.onnx");
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Source));
        model.MergeFrom(Later(4001, "model"));
        model.Graph.MergeFrom(Later(4002, "graph"));
        model.Graph.Node[0].MergeFrom(Later(4003, "node"));
        File.WriteAllBytes(file, model.ToByteArray());
        OnnxWriter.Write(OnnxReader.Read(file), copy);
        byte[] written = File.ReadAllBytes(copy);
        foreach ((int field, string text) in ((int, string)[])[(4001, "model"), (4002, "graph"), (4003, "node")])
            Assert.True(written.AsSpan().IndexOf(Later(field, text)) >= 0, text);
    }

    private static (ColbertErrorId Id, string? Target) IdAndTarget(string file)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => OnnxReader.Read(file));
        return (error.Id, error.Target);
    }

    private static byte[] Later(int field, string text)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            output.WriteTag(field, WireFormat.WireType.LengthDelimited);
            output.WriteString($"of a later version: {text}");
        }

        return stream.ToArray();
    }

    private static float[] Rows(string file)
    {
        using OrtEncoderSession session = OrtEncoderSession.Open(file, new EncoderSessionOptions());
        int[] ids = [2, 5, 300, 77, 3, 0];
        float[] rows = new float[ids.Length * session.Dimension];
        session.Run(1, ids.Length, ids, [1, 1, 1, 1, 1, 0], rows, TestContext.Current.CancellationToken);
        return rows;
    }
}
