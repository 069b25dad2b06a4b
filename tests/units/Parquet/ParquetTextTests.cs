using Apache.Arrow;
using Apache.Arrow.Types;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Inputs;
using ParquetSharp;
using Field = Apache.Arrow.Field;

namespace ColbertOnnx.Tests.Parquet;

public sealed class ParquetTextTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("corpus.parquet");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Texts_and_ids_come_from_the_columns_that_are_named_row_by_row()
    {
        TestTable.Write(
            Path, new WriterPropertiesBuilder(), 2, TestTable.Strings("_id", "a", "b", null, "d", "e"),
            TestTable.Strings("body", "eins", "zwei", "", "vier \u00e4\U0001F600", "f\u00fcnf"));
        InputItem[] items = Read(new InputOptions { TextField = "body", IdField = "_id" });
        Assert.Equal(["eins", "zwei", "", "vier \u00e4\U0001F600", "f\u00fcnf"], items.Select(item => item.Text));
        Assert.Equal(["a", "b", null, "d", "e"], items.Select(item => item.Id));
        Assert.Equal(Enumerable.Range(1, 5).Select(row => $"{Path}:{row}"), items.Select(item => item.Location));
        Assert.All(items, item => Assert.Null(item.Error));
    }

    [Fact]
    public void Without_names_the_columns_text_and_id_are_taken_where_they_are()
    {
        TestTable.Write(Path, TestTable.Strings("text", "x"), TestTable.Longs("id", -5));
        Assert.Equal([("x", "-5")], Read().Select(item => (item.Text, item.Id!)));
        TestTable.Write(Path, TestTable.Strings("text", "x"), TestTable.Floats("id", 1));
        Assert.Null(Assert.Single(Read()).Id);
        Assert.Null(Assert.Single(Read(new InputOptions { HasIds = false, IdField = "nowhere" })).Id);
    }

    [Fact]
    public void Dictionaries_large_strings_and_views_are_strings_as_any_other()
    {
        string[] texts = [.. Enumerable.Range(0, 10_000).Select(i => $"text {i % 7}")];
        var large = new LargeStringArray.Builder();
        var view = new StringViewArray.Builder();
        var indices = new Int32Array.Builder();
        foreach (string text in texts)
        {
            large.Append(text);
            view.Append(text);
            indices.Append(text[^1] - '0');
        }

        var words = new StringArray.Builder();
        for (int i = 0; i < 7; i++) words.Append($"text {i}");
        var dictionary = new DictionaryType(Int32Type.Default, StringType.Default, ordered: false);
        TestTable.Write(
            Path,
            TestTable.Strings("plain", texts),
            (new Field("large", LargeStringType.Default, nullable: true), large.Build()),
            (new Field("view", StringViewType.Default, nullable: true), view.Build()),
            (new Field("dictionary", dictionary, nullable: true), new DictionaryArray(dictionary, indices.Build(), words.Build())));
        foreach (string column in (string[])["plain", "large", "view", "dictionary"])
            Assert.Equal(texts, Read(new InputOptions { TextField = column }).Select(item => item.Text));
    }

    [Fact]
    public void A_member_of_a_struct_has_a_name_with_a_dot()
    {
        (Field Field, IArrowArray Array) english = TestTable.Strings("en", "bread", "moon");
        var type = new StructType([english.Field]);
        TestTable.Write(
            Path, (new Field("translation", type, nullable: false), new StructArray(type, 2, [english.Array], ArrowBuffer.Empty)));
        Assert.Equal(["bread", "moon"], Read(new InputOptions { TextField = "translation.en" }).Select(item => item.Text));
    }

    [Fact]
    public void A_column_that_is_not_there_is_named_with_those_that_are()
    {
        TestTable.Write(
            Path, TestTable.Strings("_id", "a"), TestTable.Strings("passage", "x"), TestTable.Lists("vectors", FloatType.Default, [[1.0]]));
        AssertInvalid(() => Read(), "there is no column 'text' among '_id', 'passage', 'vectors'", "Call the column of the texts 'text'.");
        AssertInvalid(
            () => Read(new InputOptions { TextField = "passage", IdField = "nr", Words = InputSwitches.Words }),
            "there is no column 'nr' among '_id', 'passage', 'vectors'", "--id-field");
    }

    [Fact]
    public void A_column_of_something_else_is_refused_with_what_it_holds()
    {
        TestTable.Write(
            Path, TestTable.Floats("text", 1), TestTable.Strings("passage", "x"), TestTable.Lists("vectors", DoubleType.Default, [[1.0]]));
        AssertInvalid(() => Read(), "the column 'text' holds float32, not strings", "'passage'");
        AssertInvalid(() => Read(new InputOptions { TextField = "vectors" }), "holds lists of lists of float64", "'passage'");
        AssertInvalid(
            () => Read(new InputOptions { TextField = "passage", IdField = "text" }),
            "the column 'text' holds float32, not strings or whole numbers", "'passage'");
    }

    [Fact]
    public void Two_columns_of_the_name_are_an_error()
    {
        TestTable.Write(Path, TestTable.Strings("text", "x"), TestTable.Strings("text", "y"));
        AssertInvalid(() => Read(), "there are 2 columns 'text'", "a name of its own");
    }

    [Fact]
    public void A_null_and_bytes_that_are_not_UTF_8_cost_one_text_each()
    {
        TestTable.Write(Path, TestTable.Bytes("text", [.. "good"u8], [0xFF, 0xFE], [.. "too"u8]), TestTable.Strings("id", "a", "b", "c"));
        InputItem[] items = Read();
        Assert.Equal(["good", "", "too"], items.Select(item => item.Text));
        Assert.Contains($"{Path}:2: what stands in 'text' is not UTF-8", items[1].Error!.Message, StringComparison.Ordinal);
        TestTable.Write(Path, TestTable.Strings("text", "good", null, "too"));
        items = Read();
        Assert.Contains($"{Path}:2: there is no text in 'text'", items[1].Error!.Message, StringComparison.Ordinal);
        Assert.Equal([null, null], new[] { items[0], items[2] }.Select(item => item.Error));
    }

    [Fact]
    public void What_is_no_Parquet_file_or_a_part_of_one_is_an_error_with_its_name()
    {
        File.WriteAllText(Path, "id,text\n1,one\n");
        AssertInvalid(() => Read(), "cannot be read: this is not a Parquet file", "again");
        File.WriteAllText(Path, "");
        AssertInvalid(() => Read(), "cannot be read", "again");
        TestTable.Write(Path, TestTable.Strings("text", [.. Enumerable.Range(0, 5000).Select(i => $"text {i}")]));
        byte[] whole = File.ReadAllBytes(Path);
        foreach (int length in (int[])[4, 11, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(Path, whole[..length]);
            AssertInvalid(() => Read(), "cannot be read", "again");
        }

        AssertInvalid(
            () => InputReader.ReadFile(folder.File("none.parquet"), new InputOptions()).ToArray(), "There is no file", "Check the path");
    }

    [Fact]
    public void A_damaged_page_is_an_error_at_its_row_and_the_rows_before_it_come()
    {
        TestTable.Write(
            Path, new WriterPropertiesBuilder().EnablePageChecksum().DisableDictionary().Compression(Compression.Zstd), 100,
            TestTable.Strings("text", [.. Enumerable.Range(0, 1000).Select(i => $"a long text with the number {i * 7919 % 1000}")]));
        byte[] bytes = File.ReadAllBytes(Path);
        bytes[bytes.Length / 2] ^= 0x55;
        File.WriteAllBytes(Path, bytes);
        List<InputItem> items = [];
        ColbertException error = Assert.Throws<ColbertException>(() =>
            items.AddRange(InputReader.ReadFile(Path, new InputOptions()).Select(item => Counted(item))));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.StartsWith($"{Path}:{count + 1}: it cannot be read: ", error.Message, StringComparison.Ordinal);
        Assert.InRange(count, 100, 900);
    }

    [Fact]
    public void A_page_of_a_few_bytes_that_expands_to_very_many_is_refused_before_it_is_read()
    {
        TestTable.Write(
            Path, new WriterPropertiesBuilder().DisableDictionary().DisableStatistics().Compression(Compression.Zstd), 10,
            TestTable.Strings("text", "fine", new string('a', 70_000_000)), TestTable.Strings("short", "a", "b"));
        Assert.InRange(new FileInfo(Path).Length, 1000, 100_000);
        AssertInvalid(() => Read(), "corpus.parquet:1: a page would take 70000", "smaller pages");
        Assert.Contains("(the limit MostExpansion)", Assert.Throws<ColbertException>(() => Read()).Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], Read(new InputOptions { TextField = "short" }).Select(item => item.Text));
    }

    [Fact]
    public void A_dictionary_s_text_costs_memory_once_however_often_it_is_repeated()
    {
        string text = new('x', 1_000_000);
        TestTable.Write(Path, TestTable.Strings("text", [.. Enumerable.Repeat(text, 300)]));
        Assert.InRange(new FileInfo(Path).Length, 1000, 3_000_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int read = 0;
        foreach (InputItem item in InputReader.ReadFile(Path, new InputOptions()).Take(3)) read += item.Text.Length;
        Assert.Equal(3_000_000, read);
        // Three strings of UTF-16, and not a batch of them.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 6_000_000, 9_000_000);
    }

    [Fact]
    public void Parquet_is_read_from_files_alone()
    {
        using var stream = new MemoryStream("PAR1"u8.ToArray());
        AssertInvalid(
            () => InputReader.Read(stream, "standard input", new InputOptions { Format = InputFormat.Parquet }).ToArray(),
            "standard input: Parquet cannot be read from a stream", "Name the file");
        TestTable.Write(Path, TestTable.Strings("text", "x"));
        AssertInvalid(() => StrictUtf8.ReadFile(Path), "a Parquet file, not one text", "colbert encode");
        File.Move(Path, folder.File("corpus.data"));
        Assert.Equal(
            "x", Assert.Single(InputReader.ReadFile(folder.File("corpus.data"), new InputOptions { Format = InputFormat.Parquet })).Text);
    }

    private int count;

    private InputItem Counted(InputItem item)
    {
        count++;
        return item;
    }

    private InputItem[] Read(InputOptions? options = null) => [.. InputReader.ReadFile(Path, options ?? new InputOptions())];

    private static void AssertInvalid(Func<object> read, string what, string action)
    {
        ColbertException error = Assert.Throws<ColbertException>(read);
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains(action, error.Action, StringComparison.Ordinal);
    }
}
