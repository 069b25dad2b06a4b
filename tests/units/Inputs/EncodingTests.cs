using System.Text;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Inputs;

public sealed class EncodingTests
{
    public static TheoryData<string, bool, string> Encodings() => new()
    {
        { "utf-16", true, "is UTF-16" },
        { "utf-16BE", true, "is UTF-16" },
        { "utf-32", true, "is UTF-32" },
        { "utf-32BE", true, "is UTF-32" },
        { "utf-16", false, "looks like UTF-16" },
        { "utf-16BE", false, "looks like UTF-16" },
        { "utf-32", false, "looks like UTF-32" },
        { "utf-32BE", false, "looks like UTF-32" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Another_encoding_is_named_in_every_format(string encoding, bool hasMark, string said)
    {
        foreach ((InputFormat format, string content) in new[]
        {
            (InputFormat.Text, "Ein Häuschen\nzwei\n"),
            (InputFormat.Text, "\n\nzwei\n"),
            (InputFormat.Csv, "id,text\n1,ä\n"),
            (InputFormat.Tsv, "id\ttext\n1\tä\n"),
            (InputFormat.JsonLines, "{\"text\":\"a\"}\n"),
            (InputFormat.Json, "{\"texts\":[\"a\"]}"),
        })
        {
            byte[] bytes = Bytes(encoding, hasMark, content);
            foreach (Stream stream in (Stream[])[new MemoryStream(bytes), new TricklingStream(bytes)])
                AssertSaid(said, () => InputReader.Read(stream, "in", new() { Format = format }).Count());
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Another_encoding_is_named_where_a_file_is_one_text(string encoding, bool hasMark, string said)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.md"), Bytes(encoding, hasMark, "# Title\n\nText with ä.\n"));
        Assert.Contains(
            folder.File("a.md"), AssertSaid(said, () => StrictUtf8.ReadFile(folder.File("a.md"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public void Another_encoding_is_named_in_references_embeddings_and_baselines(string encoding, bool hasMark, string said)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = Bytes(encoding, hasMark, "[{\"text\":\"a\"}]");
        foreach (string name in (string[])["a.json", "a.jsonl"]) File.WriteAllBytes(folder.File(name), bytes);
        AssertSaid(said, () => EmbeddingReader.Read(folder.File("a.jsonl")).Count());
        AssertSaid(said, () => ThroughputBaseline.Read(folder.File("a.json")));
        ColbertException error = Assert.Throws<ColbertException>(() => ReferenceFile.Open(folder.File("a.json")).Read().Count());
        Assert.Equal(ColbertErrorId.ReferenceInvalid, error.Id);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_NUL_in_a_text_is_a_character()
    {
        foreach (string text in (string[])["a\0bc", "\0abc", "one\0", "ab\0\0cd", "\0"])
            Assert.Equal(
                ["first", text],
                InputReader.Read(new MemoryStream(Encoding.UTF8.GetBytes($"first\n{text}\n")), "in", new()).Select(item => item.Text));
        Assert.Equal(
            ["a word and a NUL\0"],
            InputReader.Read(new MemoryStream("a word and a NUL\0"u8.ToArray()), "in", new()).Select(item => item.Text));
    }

    private static byte[] Bytes(string name, bool hasMark, string content)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        return [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(content)];
    }

    private static ColbertException AssertSaid(string said, Action read)
    {
        ColbertException error = Assert.Throws<ColbertException>(read);
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", error.Action, StringComparison.Ordinal);
        return error;
    }
}
