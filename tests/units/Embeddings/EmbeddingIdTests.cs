using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using ColbertOnnx.Diagnostics.Parity.References;
using ColbertOnnx.Embeddings;

namespace ColbertOnnx.Tests.Embeddings;

public sealed class EmbeddingIdTests
{
    private static readonly byte[] Wide = NpyBytes.Of("<U2", "(2,)", Encoding.UTF32.GetBytes("büx\0"));
    private static readonly byte[] Bytes = NpyBytes.Of("|S3", "(2,)", "b\u00fcx\0\0"u8);
    private static readonly byte[] Whole = NpyBytes.Of("<u8", "(2,)", MemoryMarshal.AsBytes<ulong>([7, ulong.MaxValue]));
    private static readonly byte[] BigEndian = NpyBytes.Of(">i4", "(2,)", [0, 0, 1, 0, 0xFF, 0xFF, 0xFF, 0xFF]);

    public static TheoryData<string, string[]> Kinds() => new()
    {
        { nameof(Wide), ["bü", "x"] },
        { nameof(Bytes), ["bü", "x"] },
        { nameof(Whole), ["7", "18446744073709551615"] },
        { nameof(BigEndian), ["256", "-1"] },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ids_are_read_in_every_layout(string kind, string[] expected)
    {
        byte[] ids = kind switch
        {
            nameof(Wide) => Wide,
            nameof(Bytes) => Bytes,
            nameof(Whole) => Whole,
            _ => BigEndian,
        };
        using var folder = new TemporaryFolder();
        (string Name, byte[] Content) given = ("ids.npy", ids), one = ("doc_000000.npy", NpyBytes.Floats("(1, 2)", 1, 2)),
            two = ("doc_000001.npy", NpyBytes.Floats("(2, 2)", 3, 4, 5, 6));
        foreach ((string Name, byte[] Content)[] members in new (string, byte[])[][]
        {
            [one, two, given],
            [given, one, two],
            [("arr_0.npy", one.Content), ("arr_1.npy", two.Content), given],
            [
                ("embeddings.npy", NpyBytes.Floats("(3, 2)", 1, 2, 3, 4, 5, 6)),
                ("lengths.npy", NpyBytes.Of("<i4", "(2,)", MemoryMarshal.AsBytes<int>([1, 2]))), given,
            ],
            [
                ("embeddings.npy", NpyBytes.Floats("(3, 2)", 1, 2, 3, 4, 5, 6)),
                ("offsets.npy", NpyBytes.Of("<i4", "(3,)", MemoryMarshal.AsBytes<int>([0, 1, 3]))), given,
            ],
            [("embeddings.npy", NpyBytes.Floats("(2, 2, 2)", 1, 2, 0, 0, 3, 4, 5, 6)), given],
        })
        {
            string path = folder.File($"{Guid.NewGuid():N}.npz");
            Zip(path, members);
            List<StoredEmbedding> read = [.. EmbeddingReader.Read(path)];
            Assert.Equal(expected, read.Select(embedding => embedding.Id));
            Assert.Equal([[1, 2], [3, 4, 5, 6]], read.Select(embedding => embedding.Values));
            string files = folder.File(Guid.NewGuid().ToString("N"));
            Directory.CreateDirectory(files);
            foreach ((string name, byte[] content) in members) File.WriteAllBytes(Path.Combine(files, name), content);
            Assert.Equal(expected, EmbeddingReader.Read(files).Select(embedding => embedding.Id));
        }
    }

    [Fact]
    public void Ids_and_texts_in_arrays_of_strings_belong_to_a_reference_too()
    {
        using var folder = new TemporaryFolder();
        Zip(folder.File("a.npz"), ("doc_000000.npy", NpyBytes.Floats("(1, 2)", 1, 2)), ("doc_000001.npy", NpyBytes.Floats("(1, 2)", 3, 4)),
            ("ids.npy", Bytes), ("texts.npy", NpyBytes.Of("<U1", "(2,)", Encoding.UTF32.GetBytes("äb"))),
            ("model.npy", NpyBytes.Of("<U4", "()", Encoding.UTF32.GetBytes("bert"))));
        IReference reference = ReferenceFile.Open(folder.File("a.npz"));
        Assert.Equal([("bü", "ä"), ("x", "b")], reference.Read().Select(text => (text.Id!, text.Text)));
        Assert.Contains("model is passed over", Assert.Single(reference.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_of_queries_and_documents_may_lie_apart()
    {
        using var folder = new TemporaryFolder();
        byte[] row = NpyBytes.Floats("(1, 1)", 1);
        Zip(
            folder.File("a.npz"), ("query_0.npy", row), ("doc_0.npy", row), ("doc_1.npy", row),
            ("query_ids.npy", NpyBytes.Of("|S1", "(1,)", "q"u8)), ("doc_ids.npy", NpyBytes.Of("|S1", "(2,)", "ab"u8)));
        Assert.Equal(["q", "a", "b"], EmbeddingReader.Read(folder.File("a.npz")).Select(embedding => embedding.Id));
    }

    [Theory]
    [InlineData("(1,)", "a", "1 ids, and 'doc_1' is one more text")]
    [InlineData("(3,)", "abc", "3 ids for 2 texts")]
    [InlineData("(2,)", "a\u00ff", "not UTF-8")]
    public void Ids_that_do_not_fit_are_told(string shape, string latin1, string said)
    {
        using var folder = new TemporaryFolder();
        byte[] row = NpyBytes.Floats("(1, 1)", 1);
        Zip(
            folder.File("a.npz"), ("doc_0.npy", row), ("doc_1.npy", row),
            ("ids.npy", NpyBytes.Of("|S1", shape, Encoding.Latin1.GetBytes(latin1))));
        ColbertException error = Assert.Throws<ColbertException>(() => EmbeddingReader.Read(folder.File("a.npz")).Count());
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("a.npz: ids", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_belong_to_neither_of_two_matrices_are_told()
    {
        using var folder = new TemporaryFolder();
        byte[] rows = NpyBytes.Floats("(2, 1)", 1, 2), offsets = NpyBytes.Of("|u1", "(3,)", [0, 1, 2]);
        Zip(
            folder.File("a.npz"), ("queries.npy", rows), ("queries_offsets.npy", offsets), ("documents.npy", rows),
            ("documents_offsets.npy", offsets), ("ids.npy", Bytes));
        Assert.Contains(
            "a.npz: ids: it is not clear",
            Assert.Throws<ColbertException>(() => EmbeddingReader.Read(folder.File("a.npz")).Count()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_is_no_array_is_passed_over_with_a_notice()
    {
        using var folder = new TemporaryFolder();
        byte[] row = NpyBytes.Floats("(1, 1)", 1);
        Zip(
            folder.File("a.npz"), ("doc_0.npy", row), ("config.json", "{}"u8.ToArray()), ("doc_1.npy", row),
            ("about.npy", NpyBytes.Of("|O", "()", "pickle"u8)),
                ("names.npy", NpyBytes.Of("|S1", "(2,)", "ab"u8)), ("dim.npy", NpyBytes.Of("<i4", "()", [1, 0, 0, 0])));
        List<string> notices = [];
        Assert.Equal(2, ColbertEmbeddingFile.Read(folder.File("a.npz"), notice: notices.Add).Count());
        Assert.Equal(["config.json", "about", "names", "dim"], notices.Select(notice => notice.Split(": ")[1].Split(' ')[0]));
        // To append is to write the old file anew: what is not read would be gone.
        ColbertException error =
            Assert.Throws<ColbertException>(() => ColbertEmbeddingFile.Write(folder.File("a.npz"), [], new() { Append = true }));
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"text\":5,\"embedding\":[[1]]}", "'text' is not a string")]
    [InlineData("{\"embedding\":[[1]],\"embeddings\":[[2]]}", "two fields 'embedding'")]
    [InlineData("{\"id\":1,\"id\":2,\"embedding\":[[1]]}", "two fields 'id'")]
    public void What_would_be_lost_of_a_line_is_told_instead(string line, string said)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("e.jsonl", $"{{\"id\":{{\"a\": [1]}},\"embedding\":[[1]]}}\n{line}\n");
        using IEnumerator<StoredEmbedding> read = EmbeddingReader.Read(folder.File("e.jsonl")).GetEnumerator();
        Assert.True(read.MoveNext());
        Assert.Equal("{\"a\": [1]}", read.Current.Id);
        ColbertException error = Assert.Throws<ColbertException>(() => read.MoveNext());
        Assert.Contains($"e.jsonl:2: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static void Zip(string path, params (string Name, byte[] Content)[] members)
    {
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach ((string name, byte[] content) in members)
        {
            using Stream entry = zip.CreateEntry(name).Open();
            entry.Write(content);
        }
    }
}
