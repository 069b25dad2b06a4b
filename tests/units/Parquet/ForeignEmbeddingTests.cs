using Apache.Arrow.Types;
using ColbertOnnx.Embeddings;
using ParquetSharp;

namespace ColbertOnnx.Tests.Parquet;

/// <summary>Embeddings in files of other programs.</summary>
public sealed class ForeignEmbeddingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("other.parquet");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Lists_of_lists_of_any_numbers_are_embeddings()
    {
        double?[]?[]?[] rows = [[[0.5, -2], [3, 4]], [], [[1, 1]]];
        foreach (IArrowType type in (IArrowType[])[FloatType.Default, DoubleType.Default, HalfFloatType.Default])
        {
            TestTable.Write(
                Path, new WriterPropertiesBuilder(), 2, TestTable.Strings("id", "a", "b", "c"), TestTable.Lists("embedding", type, rows));
            StoredEmbedding[] read = Read();
            Assert.Equal(["a", "b", "c"], read.Select(embedding => embedding.Id));
            Assert.Equal([[0.5f, -2, 3, 4], [], [1, 1]], read.Select(embedding => embedding.Values));
            Assert.Equal([2, 2, 2], read.Select(embedding => embedding.Dimension));
        }

        TestTable.Write(Path, TestTable.Lists("vectors", Int32Type.Default, [[1, 2]]));
        Assert.Equal([1, 2], Assert.Single(Read()).Values);
    }

    [Fact]
    public void Many_rows_of_several_batches_and_pages_come_back_in_their_order()
    {
        double?[]?[]?[] rows =
        [
            .. Enumerable.Range(0, 700).Select(i => Enumerable.Range(0, i % 60).Select(j => (double?[]?)[i, j, 0.25]).ToArray()),
        ];
        TestTable.Write(
            Path, new WriterPropertiesBuilder().DataPagesize(5000).WriteBatchSize(13), 300,
            TestTable.Longs("id", [.. Enumerable.Range(0, 700)]), TestTable.Lists("embedding", DoubleType.Default, rows));
        int number = 0;
        foreach (StoredEmbedding embedding in Read())
        {
            Assert.Equal($"{number}", embedding.Id);
            Assert.Equal(rows[number]!.SelectMany(vector => vector!.Select(value => (float)value!)), embedding.Values);
            Assert.Equal($"{Path}:{++number}", embedding.Location);
        }

        Assert.Equal(700, number);
    }

    [Fact]
    public void Nulls_and_vectors_of_several_lengths_are_errors_with_their_row()
    {
        AssertInvalid([[[1, 2]], null], ":2: there is no embedding: 'embedding' is null.");
        AssertInvalid([[[1, 2], null]], ":1: row 1 of 'embedding' is null.");
        AssertInvalid([[[1, 2], []]], ":1: row 1 of 'embedding' has no elements.");
        AssertInvalid([[[1, 2], [1, null]]], ":1: row 2 of 'embedding' holds a number that is null.");
        AssertInvalid([[[1, 2]], [[1, 2], [1, 2, 3], [1, 2]]], ":2: row 1 has 3 elements, the rows before it 2.");
        AssertInvalid([[[1, 2], [1]]], ":1: row 1 has 1 element, the rows before it 2.");
        AssertInvalid([[[1e300]]], ":1: row 0 holds a number that float32 cannot hold.");
    }

    [Fact]
    public void A_row_of_one_number_that_is_repeated_without_end_is_refused()
    {
        using (var settings = new WriterPropertiesBuilder())
        using (WriterProperties properties = settings.Compression(Compression.Zstd).Build())
        using (var writer = new ParquetFileWriter(Path, [new Column<float[][]>("embedding")], properties))
        {
            using (RowGroupWriter group = writer.AppendRowGroup())
            using (LogicalColumnWriter<float[][]> rows = group.NextColumn().LogicalWriter<float[][]>())
                rows.WriteBatch([[.. Enumerable.Repeat(new float[100_000], 180)]]);
            writer.Close();
        }

        Assert.InRange(new FileInfo(Path).Length, 100, 100_000);
        AssertInvalid("(the limit MostExpansion)");
    }

    [Fact]
    public void A_file_without_token_vectors_says_what_it_has()
    {
        TestTable.Write(Path, TestTable.Strings("id", "a"), TestTable.Floats("score", 1));
        AssertInvalid("there is no column with lists of token vectors among 'id', 'score'.");
        TestTable.Write(Path, TestTable.Strings("id", "a"), TestTable.Floats("embedding", 1));
        AssertInvalid("the column 'embedding' holds float32, not lists of token vectors.");
        TestTable.Write(Path, TestTable.Lists("a", FloatType.Default, [[1]]), TestTable.Lists("b", FloatType.Default, [[1]]));
        AssertInvalid("there are several columns with lists of token vectors: 'a', 'b'.");
    }

    [Fact]
    public void Texts_may_lie_in_a_file_beside_it()
    {
        TestTable.Write(Path, TestTable.Lists("embedding", FloatType.Default, [[1.0]], [[2.0]]));
        folder.With("texts.jsonl", "{\"id\":\"x\",\"text\":\"eins\"}\n{\"text\":\"zwei\"}\n");
        Assert.Equal(
            [("x", "eins"), (null, "zwei")],
            EmbeddingReader.Read(Path, new EmbeddingReaderOptions { Texts = folder.File("texts.jsonl") })
                .Select(embedding => (embedding.Id, embedding.Text!)));
        folder.With("texts.jsonl", "{\"text\":\"eins\"}\n");
        ColbertException error = Assert.Throws<ColbertException>(() =>
            EmbeddingReader.Read(Path, new EmbeddingReaderOptions { Texts = folder.File("texts.jsonl") }).Count());
        Assert.Contains("has 1 text, and here is one more embedding", error.Message, StringComparison.Ordinal);
    }

    private StoredEmbedding[] Read() => [.. EmbeddingReader.Read(Path)];

    private void AssertInvalid(double?[]?[]?[] rows, string what)
    {
        TestTable.Write(Path, TestTable.Lists("embedding", DoubleType.Default, rows));
        AssertInvalid(what);
    }

    private void AssertInvalid(string what)
    {
        ColbertException error = Assert.Throws<ColbertException>(Read);
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(Path, error.Message, StringComparison.Ordinal);
    }
}
