using ColbertOnnx.Embeddings;
using ColbertOnnx.Parquet;
using ColbertOnnx.Tests.Embeddings;
using ParquetSharp;

namespace ColbertOnnx.Tests.Parquet;

/// <summary>Files of our own: what is in them, and that it comes back.</summary>
public sealed class ParquetFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("out.parquet");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_written_as_float32_comes_back_bit_by_bit()
    {
        ColbertEmbedding[] written =
        [
            Embedding(0, 3, tokens: true), Embedding(1, 0, tokens: true),
            new(TextKind.Document, "ohne", Numbers(2, 4), 4) { TokenIds = [5, 6] },
        ];
        ColbertEmbeddingFile.Write(Path, written, new ColbertEmbeddingFileOptions { Type = EmbeddingType.Float32, IncludeText = true });
        ColbertEmbedding[] read = [.. ColbertEmbeddingFile.Read(Path)];
        AssertSame(written, read, value => value);
        Assert.Equal(written.Select(embedding => embedding.Text), read.Select(embedding => embedding.Text));
        Assert.Equal(written.Select(embedding => embedding.TokenIds!), read.Select(embedding => embedding.TokenIds!));
        Assert.All(read, embedding => Assert.Equal(4, embedding.Dimension));
    }

    [Fact]
    public void Float16_is_the_default_and_texts_and_tokens_come_only_when_they_are_asked_for()
    {
        ColbertEmbedding[] written = [Embedding(0, 3), Embedding(1, 2)];
        ColbertEmbeddingFile.Write(Path, written);
        AssertSame(written, [.. ColbertEmbeddingFile.Read(Path)], value => (float)(Half)value);
        Assert.All(ColbertEmbeddingFile.Read(Path), embedding => Assert.Equal(("", null), (embedding.Text, embedding.TokenIds)));
        Assert.Equal(["id", "embedding.list.element.list.element"], Columns().Select(column => column.Path));
    }

    [Fact]
    public void The_columns_are_those_that_other_programs_need()
    {
        ColbertEmbeddingFile.Write(Path, [Embedding(0, 3, tokens: true)], new ColbertEmbeddingFileOptions { IncludeText = true });
        using var reader = new ParquetFileReader(Path);
        string[] schema =
        [
            .. Columns().Select(column => $"{column.Path}: {column.Physical} {column.Logical} {column.Levels.Most} {column.Levels.Depth}"),
        ];
        Assert.Equal(
            [
                "id: ByteArray String 1 0", "text: ByteArray String 0 0",
                "embedding.list.element.list.element: FixedLenByteArray Float16 2 2", "token_ids.list.element: Int32 None 1 1",
            ],
            schema);
        using RowGroupReader group = reader.RowGroup(0);
        using ColumnChunkMetaData numbers = group.MetaData.GetColumnChunkMetaData(2);
        Assert.Equal((Compression.Zstd, false), (numbers.Compression, numbers.IsStatsSet));
        Assert.DoesNotContain(ParquetSharp.Encoding.RleDictionary, numbers.Encodings);
        Assert.DoesNotContain(ParquetSharp.Encoding.ByteStreamSplit, numbers.Encodings);

        // What LanceDB needs to see vectors of one length, and pyarrow float16.
        using var arrow = new ParquetSharp.Arrow.FileReader(Path);
        var list = (Apache.Arrow.Types.ListType)arrow.Schema.GetFieldByName("embedding").DataType;
        var vector = Assert.IsType<Apache.Arrow.Types.FixedSizeListType>(list.ValueDataType);
        Assert.Equal(
            (4, Apache.Arrow.Types.ArrowTypeId.HalfFloat, false),
            (vector.ListSize, vector.ValueDataType.TypeId, vector.ValueField.IsNullable));
    }

    [Fact]
    public void The_metadata_say_what_the_file_was_made_by()
    {
        using (StagedWriter writer = EmbeddingWriter.Open(
            Path, new EmbeddingWriterOptions { Kind = TextKind.Query, Type = EmbeddingType.Float16 }))
        {
            writer.Describe(new EncoderDescription("a-model", 4, """{"QueryLength":"32"}"""));
            writer.Write(Embedding(0, 3, TextKind.Query));
            writer.Complete();
        }

        using var reader = new ParquetFileReader(Path);
        Dictionary<string, string> said =
            reader.FileMetaData.KeyValueMetadata.Where(pair => pair.Key.StartsWith("colbert.", StringComparison.Ordinal)).ToDictionary();
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["colbert.format"] = "colbert-embeddings",
                ["colbert.version"] = "1",
                ["colbert.type"] = "float16",
                ["colbert.dimension"] = "4",
                ["colbert.kind"] = "query",
                ["colbert.model"] = "a-model",
                ["colbert.settings"] = """{"QueryLength":"32"}""",
            },
            said);
        Assert.Equal(TextKind.Query, Assert.Single(ColbertEmbeddingFile.Read(Path)).Kind);
    }

    [Fact]
    public void A_row_group_has_1000_texts_or_32_MiB()
    {
        ColbertEmbeddingFile.Write(Path, Enumerable.Range(0, 2500).Select(i => Embedding(i, i % 3)));
        Assert.Equal([1000, 1000, 500], RowGroups());
        Assert.Equal(Enumerable.Range(0, 2500).Select(i => $"id {i}"), ColbertEmbeddingFile.Read(Path).Select(embedding => embedding.Id));
        float[] large = new float[(GroupWriter.MostBytes / 4 / 8) + 8];
        ColbertEmbeddingFile.Write(
            Path, Enumerable.Range(0, 20).Select(i => new ColbertEmbedding(TextKind.Document, "", large, 8)),
            new ColbertEmbeddingFileOptions { Type = EmbeddingType.Float32, Force = true });
        Assert.Equal([8, 8, 4], RowGroups());
        Assert.Equal(20, ColbertEmbeddingFile.Read(Path).Count(embedding => embedding.Values.Length == large.Length));
    }

    [Fact]
    public void No_text_at_all_is_a_file_without_rows_that_reads_back_as_none()
    {
        Assert.Equal(0, ColbertEmbeddingFile.Write(Path, []));
        Assert.Empty(ColbertEmbeddingFile.Read(Path));
        ColbertEmbeddingFile.Write(Path, [Embedding(0, 0)], new ColbertEmbeddingFileOptions { Force = true });
        Assert.Equal(0, Assert.Single(ColbertEmbeddingFile.Read(Path)).TokenCount);
    }

    [Fact]
    public void A_byte_that_changed_in_any_page_of_vectors_is_an_error()
    {
        ColbertEmbeddingFile.Write(Path, Enumerable.Range(0, 50).Select(i => Embedding(i, 40)));
        byte[] whole = File.ReadAllBytes(Path);
        int wrong = 0;
        for (int at = whole.Length / 4; at < whole.Length / 2; at += whole.Length / 40)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x40;
            File.WriteAllBytes(Path, damaged);
            ColbertException error = Assert.Throws<ColbertException>(() => ColbertEmbeddingFile.Read(Path).Count());
            Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
            Assert.Contains("out.parquet", error.Message, StringComparison.Ordinal);
            wrong++;
        }

        Assert.InRange(wrong, 5, 20);
    }

    [Theory]
    [InlineData(EmbeddingType.Int8, "int8")]
    [InlineData(EmbeddingType.Binary, "binary")]
    public void Types_that_the_format_lacks_are_refused_before_anything_is_written(EmbeddingType type, string name)
    {
        ColbertException error = Assert.Throws<ColbertException>(() =>
            ColbertEmbeddingFile.Write(Path, [Embedding(0, 1)], new ColbertEmbeddingFileOptions { Type = type }));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains($"float16 or float32, not {name}", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Texts_that_do_not_belong_together_are_an_error_and_leave_nothing()
    {
        foreach (var (other, what) in new (ColbertEmbedding, string)[]
        {
            (new(TextKind.Document, "t", Numbers(2, 3), 3) { Id = "x" }, "The embedding of 'x' has 3 dimensions, those before it 4."),
            (Embedding(1, 2, TextKind.Query), "The embedding of 'id 1' is of a query"),
            (Embedding(1, 2, tokens: true), "The embedding of 'id 1' has token ids, and those before it have none."),
        })
        {
            ColbertException error = Assert.Throws<ColbertException>(() => ColbertEmbeddingFile.Write(Path, [Embedding(0, 2), other]));
            Assert.StartsWith(what, error.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        }
    }

    [Fact]
    public void An_exception_in_the_middle_leaves_what_was_there_and_nothing_else()
    {
        ColbertEmbeddingFile.Write(Path, [Embedding(0, 2)]);
        byte[] before = File.ReadAllBytes(Path);
        Assert.Throws<InvalidOperationException>(() => ColbertEmbeddingFile.Write(
            Path, Enumerable.Range(0, 3000).Select(i => i == 2500 ? throw new InvalidOperationException() : Embedding(i, 2)),
            new ColbertEmbeddingFileOptions { Force = true }));
        Assert.Equal(before, File.ReadAllBytes(Path));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
        Assert.Equal(
            ColbertErrorId.OutputExists, Assert.Throws<ColbertException>(() => ColbertEmbeddingFile.Write(Path, [Embedding(0, 2)])).Id);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    public void A_full_disk_is_the_error_that_names_the_output_and_leaves_nothing(long room)
    {
        using (var writer = new ParquetWriter(
            Path, new EmbeddingWriterOptions { Type = EmbeddingType.Float16 }, stream => new FullStream(stream, room)))
        {
            ColbertException error = Assert.Throws<ColbertException>(() =>
            {
                for (int i = 0; i < 2500; i++) writer.Write(Embedding(i, 2));
                writer.Complete();
            });
            Assert.Equal(ColbertErrorId.OutputFailed, error.Id);
            Assert.Contains($"'{Path}' could not be written: No space left on device", error.Message, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void An_interrupted_run_goes_on_to_the_same_bytes()
    {
        var options = new EmbeddingWriterOptions
        {
            Kind = TextKind.Document,
            Type = EmbeddingType.Float16,
            IncludeText = true,
            IncludeTokens = true,
        };
        var encoder = new EncoderDescription("model", 4, "{}");
        string once = folder.File("once.parquet");
        Write(once, options, 0, 2300, isComplete: true);
        var resumable = options with { Resume = new Dictionary<string, string> { ["what"] = "this" } };
        Write(Path, resumable, 0, 1100, isComplete: false);
        Assert.False(File.Exists(Path));
        Write(Path, resumable, 1100, 1700, isComplete: false);
        Write(Path, resumable, 1700, 2300, isComplete: true);
        Assert.Equal(File.ReadAllBytes(once), File.ReadAllBytes(Path));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(folder.Path).Count());

        void Write(string path, EmbeddingWriterOptions with, int first, int end, bool isComplete)
        {
            using StagedWriter writer = EmbeddingWriter.Open(path, with);
            writer.Describe(encoder);
            Assert.Equal(first, writer.Texts);
            for (int i = first; i < end; i++) writer.Write(Embedding(i, i % 4, tokens: true));
            if (isComplete) writer.Complete();
            else writer.Checkpoint(new RunState(end, 0, 0, "hash"));
        }
    }

    [Fact]
    public void What_is_appended_stands_behind_the_rest_in_the_file_s_own_type_and_with_its_texts()
    {
        ColbertEmbeddingFile.Write(
            Path, [Embedding(0, 2)], new ColbertEmbeddingFileOptions { Type = EmbeddingType.Float32, IncludeText = true });
        Assert.Equal(1, ColbertEmbeddingFile.Write(Path, [Embedding(1, 3)], new ColbertEmbeddingFileOptions { Append = true }));
        ColbertEmbedding[] read = [.. ColbertEmbeddingFile.Read(Path)];
        AssertSame([Embedding(0, 2), Embedding(1, 3)], read, value => value);
        Assert.Equal(["text 0", "text 1"], read.Select(embedding => embedding.Text));
    }

    internal static ColbertEmbedding Embedding(
        int number, int rows, TextKind kind = TextKind.Document,
        bool tokens = false) => new(kind, $"text {number}", Numbers(rows, 4, number), 4)
        {
            Id = $"id {number}",
            TokenIds = tokens ? [.. Enumerable.Range(number, rows)] : null,
        };

    internal static float[] Numbers(int rows, int dimension, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * dimension).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    private static void AssertSame(ColbertEmbedding[] expected, ColbertEmbedding[] actual, Func<float, float> rounded)
    {
        Assert.Equal(expected.Select(embedding => embedding.Id), actual.Select(embedding => embedding.Id));
        foreach (var (one, other) in expected.Zip(actual)) Assert.Equal(one.Values.ToArray().Select(rounded), other.Values.ToArray());
    }

    private IReadOnlyList<ParquetColumn> Columns()
    {
        using var source = new ParquetSource(Path);
        return source.Columns;
    }

    private long[] RowGroups()
    {
        using var reader = new ParquetFileReader(Path);
        return [.. Enumerable.Range(0, reader.FileMetaData.NumRowGroups).Select(i =>
        {
            using RowGroupReader group = reader.RowGroup(i);
            return group.MetaData.NumRows;
        })];
    }
}
