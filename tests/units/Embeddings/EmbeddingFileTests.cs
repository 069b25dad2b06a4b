using System.Globalization;
using System.IO.Compression;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Embeddings.Zip;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>What is written is what is read, here and by NumPy.</summary>
public sealed class EmbeddingFileTests(ITestOutputHelper output)
{
    private static readonly string[] Names = ["out", "out.npz", "out.safetensors", "each.safetensors", "out.jsonl"];

    public static TheoryData<string, EmbeddingType> Files() =>
        new(Names.SelectMany(_ => Enum.GetValues<EmbeddingType>(), (name, type) => (name, type)));

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_written_reads_back(string name, EmbeddingType type)
    {
        using var folder = new TemporaryFolder();
        ColbertEmbedding[] written = Some(name == "out" ? [TextKind.Document] : Enum.GetValues<TextKind>());
        Write(folder.File(name), type, written);
        ColbertEmbedding[] read = [.. EmbeddingReader.Read(folder.File(name)).Select(e => e.ToEmbedding())];
        Assert.Equal(
            written.Select(e => (e.Id, e.Text, e.Kind, e.TokenCount, e.Dimension, e.IsTruncated)),
            read.Select(e => (e.Id, e.Text, e.Kind, e.TokenCount, e.Dimension, e.IsTruncated)));
        Assert.Equal(written[1].TokenIds, read[1].TokenIds);
        Assert.Equal(written[1].TokenOffsets, read[1].TokenOffsets);
        for (int i = 0; i < written.Length; i++) AssertNear(type, written[i], read[i]);
    }

    [Fact]
    public void Every_half_reads_back_from_JSON()
    {
        float[] all =
        [
            .. Enumerable.Range(0, 65536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(Half.IsFinite)
                .Select(half => (float)half),
        ];
        using var folder = new TemporaryFolder();
        Write(folder.File("h.jsonl"), EmbeddingType.Float16, [new ColbertEmbedding(TextKind.Query, "", all, 32)]);
        Assert.Equal(all, EmbeddingReader.Read(folder.File("h.jsonl")).Single().Values);
    }

    [Theory]
    [InlineData("out.npz")]
    [InlineData("out.safetensors")]
    [InlineData("each.safetensors")]
    [InlineData("out")]
    public void No_text_at_all_is_a_file_too(string name)
    {
        using var folder = new TemporaryFolder();
        Write(folder.File(name), EmbeddingType.Int8, []);
        Assert.Empty(EmbeddingReader.Read(folder.File(name)));
    }

    [Fact]
    public void A_tensor_for_all_wants_one_dimension()
    {
        using var folder = new TemporaryFolder();
        using StagedWriter writer = EmbeddingWriter.Open(folder.File("a.safetensors"));
        writer.Write(Embedding(2, 8, TextKind.Query, "a"));
        ColbertException error = Assert.Throws<ColbertException>(() => writer.Write(Embedding(2, 9, TextKind.Query, "b")));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("'b' has 9 dimensions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_are_aligned_whatever_comes_before_them()
    {
        using var folder = new TemporaryFolder();
        foreach (EmbeddingType type in Enum.GetValues<EmbeddingType>())
        {
            foreach (EmbeddingLayout layout in Enum.GetValues<EmbeddingLayout>())
            {
                string path = folder.File($"{type}{layout}.safetensors");
                Write(path, type, Some([TextKind.Document]), layout);
                using var file = ColbertOnnx.Safetensors.SafetensorsFile.Open(path);
                Assert.All(
                    file.Tensors.Values,
                    tensor => Assert.Equal(0, tensor.Offset % ColbertOnnx.Safetensors.SafetensorsTypes.Size(tensor.Type)));
            }
        }
    }

    [Fact]
    public void An_npz_beyond_4_GB_is_a_zip64()
    {
        // A hole in the file instead of 5 GB of numbers: the entries behind it are where they would be.
        using var folder = new TemporaryFolder();
        string path = folder.File("large.npz");
        using (var data = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite))
        using (var directory = new MemoryStream())
        {
            var zip = new ZipWriter(data, directory, 0);
            zip.Add("doc_000000.npy", NpyFormat.Header("<f4", 1, 2), BitConverter.GetBytes(1.5).AsSpan());
            data.Seek(5_000_000_000, SeekOrigin.Begin);
            zip.Add("doc_000001.npy", NpyFormat.Header("<f4", 1, 2), [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]);
            zip.Complete();
        }

        Assert.Equal([1f, 2f], EmbeddingReader.Read(path).Last().Values);
        using (ZipArchive zip = ZipFile.OpenRead(path))
            Assert.Equal(["doc_000000.npy", "doc_000001.npy"], zip.Entries.Select(entry => entry.FullName));
        if (Numpy.Missing is not null) output.WriteLine(Numpy.Missing);
        else Assert.Equal("[[1. 2.]]", Numpy.Run("print(numpy.load(sys.argv[1])['doc_000001'])", path));
    }

    [Fact]
    public void An_npz_of_more_texts_than_a_zip_can_count_is_read_with_flat_memory()
    {
        const int Texts = 70_000;
        using var folder = new TemporaryFolder();
        var embedding = Embedding(1, 1, TextKind.Document, null);
        Write(folder.File("many.npz"), EmbeddingType.Float32, Enumerable.Repeat(embedding, Texts));
        using (ZipArchive zip = ZipFile.OpenRead(folder.File("many.npz"))) Assert.Equal(Texts + 1, zip.Entries.Count);
        Assert.Equal(Texts, EmbeddingReader.Read(folder.File("many.npz")).Count());
        if (Numpy.Missing is null)
            Assert.Equal(
                "70001 (1, 1)",
                Numpy.Run("a = numpy.load(sys.argv[1]); print(len(a.files), a['doc_069999'].shape)", folder.File("many.npz")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void NumPy_reads_it_as_the_documentation_says(string name, EmbeddingType type)
    {
        Assert.SkipWhen(Numpy.Missing is not null, Numpy.Missing ?? "");
        using var folder = new TemporaryFolder();
        string path = folder.File(name);
        ColbertEmbedding[] written = Some([TextKind.Document]);
        Write(path, type, written);
        string answer = Numpy.Run(
            File.ReadAllText(Path.Combine(TestData.Repository, "tests", "data", "embeddings", "read.py")), path,
            EmbeddingTypes.NameOf(type));
        output.WriteLine(answer.Split('\n')[0]);
        string[] lines = answer.Split('\n')[1..];
        ColbertEmbedding[] read = [.. EmbeddingReader.Read(path).Select(e => e.ToEmbedding())];
        Assert.Equal(read.Select(Line), lines);
    }

    private static string Line(ColbertEmbedding e) =>
        string.Join(
            ' ',
            [
                e.Id ?? "None", e.Text.Length.ToString(CultureInfo.InvariantCulture),
                .. e.Values.ToArray().Select(v => v.ToString("G9", CultureInfo.InvariantCulture).ToLowerInvariant()),
            ]);

    private static void Write(string path, EmbeddingType type, IEnumerable<ColbertEmbedding> embeddings, EmbeddingLayout? layout = null)
    {
        using StagedWriter writer = EmbeddingWriter.Open(
            path,
            new() { Type = type, Layout = layout ?? (Path.GetFileName(path) == "each.safetensors" ? EmbeddingLayout.PerText : null) });
        foreach (ColbertEmbedding embedding in embeddings) writer.Write(embedding);
        writer.Complete();
        Assert.Equal(
            [path],
            Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!)
                .Where(other => Path.GetFileName(other)[0] == '.' || other == path));
    }

    private static ColbertEmbedding[] Some(TextKind[] kinds) =>
    [
        Embedding(3, 11, kinds[^1], "a"),
        new(kinds[0], "Ünï 😀", Embedding(2, 11, kinds[0], null).Values, 11)
        {
            Id = "b",
            IsTruncated = true,
            TokenIds = [1, 2],
            TokenOffsets = [(0, 0), (0, 3)],
        },
        Embedding(0, 11, kinds[^1], "c"),
        Embedding(5, 11, kinds[0], null),
    ];

    private static ColbertEmbedding Embedding(int rows, int dimension, TextKind kind, string? id)
    {
        var random = new Random(rows);
        float[] values = [.. Enumerable.Range(0, rows * dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
        for (int row = 0; row < rows; row++)
        {
            Span<float> numbers = values.AsSpan(row * dimension, dimension);
            float norm = 0;
            foreach (float value in numbers) norm += value * value;
            PackedVectors.Scale(numbers, 1 / MathF.Sqrt(norm));
        }

        return new(kind, $"text of {rows}", values, dimension) { Id = id };
    }

    private static void AssertNear(EmbeddingType type, ColbertEmbedding written, ColbertEmbedding read)
    {
        float[] a = written.Values.ToArray(), b = read.Values.ToArray();
        Assert.Equal(a.Length, b.Length);
        for (int i = 0; i < a.Length; i++)
        {
            switch (type)
            {
                case EmbeddingType.Float32:
                    Assert.Equal(BitConverter.SingleToInt32Bits(a[i]), BitConverter.SingleToInt32Bits(b[i]));
                    break;
                case EmbeddingType.Float16:
                    Assert.Equal((float)(Half)a[i], b[i]);
                    break;
                case EmbeddingType.Int8:
                    Assert.InRange(Math.Abs(a[i] - b[i]), 0, written.Row(i / written.Dimension).ToArray().Max(Math.Abs) / 253);
                    break;
                default:
                    Assert.Equal((a[i] > 0 ? 1 : -1) / MathF.Sqrt(written.Dimension), b[i], 1e-6f);
                    break;
            }
        }
    }
}
