using System.IO.Compression;
using System.Text;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Tests.Embeddings;

[Collection(nameof(Alone))]
public sealed class EmbeddingLimitTests
{
    [Theory]
    [InlineData("<f4", false)]
    [InlineData("<f4", true)]
    [InlineData("|i1", false)]
    public void A_text_larger_than_memory_should_hold_is_refused_before_it_is_read(string descr, bool isFortran)
    {
        long rows = (Limits.LargestEmbedding / sizeof(float) / 128) + 1;
        using var folder = new TemporaryFolder();
        Sparse(folder.File("a.npy"), NpyBytes.Of(descr, $"({rows}, 128)", [], isFortran), rows * 128 * (descr == "|i1" ? 1 : 4));
        AssertRefused(folder.File("a.npy"), "LargestEmbedding");
        string header = $$"""{"a":{"dtype":"F32","shape":[{{rows}},128],"data_offsets":[0,{{rows * 512}}]} }""";
        Sparse(
            folder.File("a.safetensors"), [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header)], rows * 512);
        AssertRefused(folder.File("a.safetensors"), "LargestEmbedding");
    }

    [Fact]
    public void Signs_that_unpack_to_more_than_memory_should_hold_are_refused()
    {
        int rows = (int)(Limits.LargestEmbedding / sizeof(float) / 1024) + 1;
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("e"));
        Sparse(folder.File("e/doc_0.npy"), NpyBytes.Of("|u1", $"({rows}, 128)", []), rows * 128L);
        folder.With("e/doc_texts.jsonl", "{\"type\":\"binary\",\"dimension\":1024}\n");
        AssertRefused(folder.File("e"), "LargestEmbedding");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_few_bytes_of_a_zip_do_not_become_gigabytes(bool isFortran)
    {
        using var folder = new TemporaryFolder();
        long rows = (Limits.FreeExpansion / 512) + 1;
        Zeros(folder.File("bomb.npz"), rows, isFortran);
        Assert.InRange(new FileInfo(folder.File("bomb.npz")).Length, 1, 1 << 20);
        long before = GC.GetTotalAllocatedBytes();
        ColbertException error = AssertRefused(folder.File("bomb.npz"), "MostExpansion");
        Assert.Contains("bomb.npz: a", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 16 << 20);
        Zeros(folder.File("zeros.npz"), rows - 1, isFortran);
        Assert.Equal(rows - 1, EmbeddingReader.Read(folder.File("zeros.npz")).Single().Rows);
    }

    [Theory]
    [InlineData("<f4", false)]
    [InlineData("<f4", true)]
    [InlineData("<f2", false)]
    public void An_array_is_held_once(string descr, bool isFortran)
    {
        const int Rows = 100_000;
        int size = descr == "<f2" ? 2 : 4;
        using var folder = new TemporaryFolder();
        Sparse(folder.File("a.npy"), NpyBytes.Of(descr, $"({Rows}, 128)", [], isFortran), Rows * 128L * size);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Assert.Equal(Rows, EmbeddingReader.Read(folder.File("a.npy")).Single().Rows);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, Rows * 512L, (Rows * 512L) + (4 << 20));
    }

    [Fact]
    public void Entries_that_share_their_bytes_are_no_archive()
    {
        using var folder = new TemporaryFolder();
        using (ZipArchive zip = ZipFile.Open(folder.File("a.npz"), ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("a.npy", CompressionLevel.NoCompression).Open();
            entry.Write(NpyBytes.Floats("(100, 100)", new float[10_000]));
        }

        // The directory's only entry, twice.
        byte[] bytes = File.ReadAllBytes(folder.File("a.npz"));
        int directory = bytes.AsSpan().LastIndexOf("PK\u0001\u0002"u8), end = bytes.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        byte[] doubled = [.. bytes[..end], .. bytes[directory..end], .. bytes[end..]];
        int at = doubled.Length - (bytes.Length - end);
        foreach (int place in (int[])[8, 10]) doubled[at + place] = 2;
        BitConverter.TryWriteBytes(doubled.AsSpan(at + 12), (end - directory) * 2);
        File.WriteAllBytes(folder.File("a.npz"), doubled);
        AssertRefused(folder.File("a.npz"), "lie over each other");
    }

    [Fact]
    public void Texts_without_a_byte_behind_them_have_a_limit()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("a.npy"), NpyBytes.Floats("(1000000000000, 0, 128)"));
        AssertRefused(folder.File("a.npy"), "MostEmptyTexts");
    }

    private static ColbertException AssertRefused(string path, string said)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => EmbeddingReader.Read(path).Count());
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        return error;
    }

    private static void Sparse(string path, byte[] head, long data)
    {
        using FileStream file = File.Create(path);
        file.Write(head);
        file.SetLength(head.Length + data);
    }

    private static void Zeros(string path, long rows, bool isFortran)
    {
        using ZipArchive zip = new(File.Create(path), ZipArchiveMode.Create);
        using Stream entry = zip.CreateEntry("a.npy", CompressionLevel.Fastest).Open();
        entry.Write(NpyBytes.Of("<f4", $"({rows}, 128)", [], isFortran));
        byte[] zeros = new byte[512];
        for (long row = 0; row < rows; row++) entry.Write(zeros);
    }
}
