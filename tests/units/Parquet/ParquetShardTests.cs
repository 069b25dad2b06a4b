using System.Globalization;
using ColbertOnnx.Inputs;
using ParquetSharp;

namespace ColbertOnnx.Tests.Parquet;

public sealed class ParquetShardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Shards_are_whole_row_groups_and_together_the_files()
    {
        string[] paths = [Write("a.parquet", 37, 5), Write("b.parquet", 0, 5), Write("c.parquet", 12, 100), Write("d.parquet", 100, 1)];
        foreach (string[] files in (string[][])[[paths[0]], [paths[1]], paths])
        {
            string[] whole =
            [
                .. files.SelectMany(path => InputReader.ReadFile(path)).Select(item => $"{item.Location} {item.Id} {item.Text}"),
            ];
            foreach (int count in (int[])[1, 2, 3, 8, 40, 500])
                Assert.Equal(
                    whole,
                    Enumerable.Range(1, count).SelectMany(index => Read(files, index, count))
                        .Select(item => $"{item.Location} {item.Id} {item.Text}"));
        }

        Assert.All(
            Enumerable.Range(1, 3).Select(index => Read([paths[0]], index, 3).Count()),
            rows => Assert.True(rows is 10 or 12 or 15, $"{rows}"));
        Assert.Equal([12, 0], Enumerable.Range(1, 2).Select(index => Read([paths[2]], index, 2).Count()));
    }

    [Fact]
    public void A_row_group_of_another_shard_is_not_read()
    {
        string path = Write("a.parquet", 40, 10);
        byte[] bytes = File.ReadAllBytes(path);
        // The pages of the first row group, right behind the magic number.
        bytes.AsSpan(4, 60).Fill(0xEE);
        File.WriteAllBytes(path, bytes);
        Assert.Throws<ColbertException>(() => Read([path], 1, 4).Count());
        Assert.Equal(30, Enumerable.Range(2, 3).Sum(index => Read([path], index, 4).Count()));
    }

    [Fact]
    public void A_row_group_without_rows_is_no_error()
    {
        string path = folder.File("a.parquet");
        TestTable.Write(
            path, TestTable.Strings("id"), TestTable.Strings("text"), TestTable.Lists("embedding", Apache.Arrow.Types.FloatType.Default));
        Assert.Empty(InputReader.ReadFile(path));
        Assert.Empty(ColbertEmbeddingFile.Read(path));
    }

    private static IEnumerable<InputItem> Read(IReadOnlyList<string> paths, int index, int count) =>
        InputReader.Divide(paths, new ColbertShard(index, count)).SelectMany(part => InputReader.ReadPart(part));

    private string Write(string name, int rows, int rowsOfGroup)
    {
        string[] texts = [.. Enumerable.Range(0, rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"text {i} of {name}"))];
        TestTable.Write(
            folder.File(name), new WriterPropertiesBuilder(), rowsOfGroup, TestTable.Strings("text", texts),
            TestTable.Longs("id", [.. Enumerable.Range(0, rows).Select(i => (long)i)]));
        return folder.File(name);
    }
}
