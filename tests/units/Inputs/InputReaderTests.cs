using System.Text;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Inputs;

[Collection(nameof(Alone))]
public sealed class InputReaderTests
{
    [Fact]
    public void A_line_is_a_text_and_an_empty_line_an_empty_one() =>
        Assert.Equal(["one", "", "three"], Texts("one\r\n\nthree\n", InputFormat.Text));

    [Theory]
    [InlineData(nameof(InputFormat.Text))]
    [InlineData(nameof(InputFormat.JsonLines))]
    [InlineData(nameof(InputFormat.Csv))]
    [InlineData(nameof(InputFormat.Tsv))]
    public void An_empty_input_has_no_texts(string format) => Assert.Empty(Texts("", format));

    [Fact]
    public void The_last_line_needs_no_end() => Assert.Equal(["one", "two"], Texts("one\ntwo", InputFormat.Text));

    [Theory]
    [InlineData(nameof(InputFormat.Text), "\uFEFFone\n")]
    [InlineData(nameof(InputFormat.JsonLines), "\uFEFF{\"text\":\"one\"}\n")]
    [InlineData(nameof(InputFormat.Csv), "\uFEFFtext,x\none,2\n")]
    [InlineData(nameof(InputFormat.Json), "\uFEFF{\"texts\":[\"one\"]}")]
    public void A_byte_order_mark_is_not_text(string format, string content)
    {
        Assert.Equal(["one"], Texts(content, format));
        Assert.Equal(["one"], Read(new TricklingStream(Encoding.UTF8.GetBytes(content)), format).Select(i => i.Text));
    }

    [Fact]
    public void JSON_Lines_give_text_and_id()
    {
        InputItem[] items = Items(
            "{\"id\":7,\"text\":\"one\"}\n\n{\"text\":\"two \\uD83D\\uDE00\",\"id\":\"b\",\"more\":{\"a\":[1,2]}}\n\"three\"\n",
            InputFormat.JsonLines);
        Assert.Equal([("one", "7"), ("two \U0001F600", "b"), ("three", null)], items.Select(i => (i.Text, i.Id)));
        Assert.Equal(["in:1", "in:3", "in:4"], items.Select(i => i.Location));
    }

    [Fact]
    public void Other_names_of_fields_are_taken()
    {
        var options = new InputOptions { Format = InputFormat.JsonLines, TextField = "answer", IdField = "key" };
        InputItem item = Assert.Single(InputReader.Read(
            new MemoryStream("{\"text\":\"no\",\"answer\":\"yes\",\"key\":\"k\"}"u8.ToArray()), "in", options));
        Assert.Equal(("yes", "k"), (item.Text, item.Id));
    }

    [Fact]
    public void A_lone_surrogate_in_an_escape_is_an_error_of_that_text_only()
    {
        foreach ((InputFormat format, string content) in new[]
        {
            (InputFormat.JsonLines, "{\"text\":\"a\"}\n{\"text\":\"x\\uD800y\",\"id\":\"bad\"}\n{\"text\":\"c\"}\n"),
            (InputFormat.Json, "{\"texts\":[\"a\",\n{\"id\":\"bad\",\"text\":\"\\uDC00\"},\"c\"]}"),
        })
        {
            InputItem[] items = Items(content, format);
            Assert.Equal(["a", "", "c"], items.Select(i => i.Text));
            Assert.Equal(ColbertErrorId.InputInvalid, items[1].Error!.Id);
            Assert.Equal("bad", items[1].Id);
            Assert.Contains("in:2", items[1].Error!.Message, StringComparison.Ordinal);
            Assert.Null(items[2].Error);
        }
    }

    [Theory]
    [InlineData(nameof(InputFormat.Text), "good\nb\u00ff\u00fed\nmore\n", "in:2")]
    [InlineData(nameof(InputFormat.Csv), "text\ngood\nb\u00ffd\n", "in:3")]
    [InlineData(nameof(InputFormat.Json), "{\"texts\":[\"good\",\n\"b\u00ffd\"]}", "in:2")]
    public void Bytes_that_are_not_UTF8_are_an_error_with_file_and_line(string format, string latin1, string location)
    {
        var read = new List<string>();
        ColbertException error = Assert.Throws<ColbertException>(() =>
        {
            foreach (InputItem item in Read(new MemoryStream(Encoding.Latin1.GetBytes(latin1)), format)) read.Add(item.Text);
        });
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.StartsWith(location, error.Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Action);
        Assert.Equal(["good"], read);
    }

    [Fact]
    public void UTF16_is_named_as_what_it_is()
    {
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("one\n")];
        foreach (InputFormat format in Enum.GetValues<InputFormat>().Where(format => format != InputFormat.Parquet)) // which is not text
            Assert.Contains(
                "UTF-16", Assert.Throws<ColbertException>(() => Read(new MemoryStream(bytes), format).Count()).Message,
                StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(InputFormat.Json), "{\"texts\":[\"a\",\n\"b\"", "in:2")]
    [InlineData(nameof(InputFormat.Json), "{\"texts\":[\"a\"]} {}", "in:1")]
    [InlineData(nameof(InputFormat.Json), "", "in:1")]
    [InlineData(nameof(InputFormat.Json), "{\"text\":[\"a\"]}", "in: there is no list")]
    [InlineData(nameof(InputFormat.Json), "3", "in: this is neither")]
    [InlineData(nameof(InputFormat.JsonLines), "{\"body\":\"a\"}\n", "in:1: there is no text in 'text'")]
    [InlineData(nameof(InputFormat.Csv), "id,body\n1,a\n", "in:1: there is no column 'text' among 'id', 'body'")]
    [InlineData(nameof(InputFormat.Csv), "text\na\n\"b\nc\n", "in:3: a quoted field begins here")]
    public void What_makes_the_rest_unreadable_ends_the_input(string format, string content, string begin)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Items(content, format));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.StartsWith(begin, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_record_without_text_is_an_error_of_its_own()
    {
        InputItem[] items = Items("{\"text\":\"a\"}\n{\"id\":1,\"text\":null}\n3\n{\"text\":\"d\"}\n", InputFormat.JsonLines);
        Assert.Equal([false, true, true, false], items.Select(i => i.Error is not null));
        Assert.Equal("1", items[1].Id);
    }

    [Fact]
    public void CSV_knows_quotes_delimiters_and_line_breaks_in_fields()
    {
        InputItem[] items = Items("id,text\r\n1,\"a, \"\"b\"\"\r\nc\"\r\n\r\n2,plain \"quotes\" inside\r\n3,\r\n", InputFormat.Csv);
        Assert.Equal([("a, \"b\"\r\nc", "1"), ("plain \"quotes\" inside", "2"), ("", "3")], items.Select(i => (i.Text, i.Id)));
        Assert.Equal(["in:2", "in:5", "in:6"], items.Select(i => i.Location));
    }

    [Fact]
    public void TSV_has_tabs() => Assert.Equal([("a, b", "1")], Items("id\ttext\n1\ta, b\n", InputFormat.Tsv).Select(i => (i.Text, i.Id!)));

    [Fact]
    public void A_JSON_file_may_hold_a_list_or_other_fields_around_it()
    {
        Assert.Equal(["a", "b"], Texts("[\"a\",{\"text\":\"b\"}]", InputFormat.Json));
        Assert.Equal(["a", "b"], Texts("{\"documents\":[\"a\",\"b\"],\"target_tokens\":500}", InputFormat.Json));
        Assert.Equal(["a"], Texts("{\"x\":{\"texts\":[\"no\"]},\"texts\":[\"a\"],\"y\":[1,{}]}", InputFormat.Json));
    }

    [Theory]
    [InlineData(nameof(InputFormat.Text), "{0}\nlast\n")]
    [InlineData(nameof(InputFormat.JsonLines), "{{\"text\":\"{0}\"}}\n{{\"text\":\"last\"}}\n")]
    [InlineData(nameof(InputFormat.Csv), "text\n{0}\nlast\n")]
    [InlineData(nameof(InputFormat.Json), "{{\"texts\":[\"{0}\",\"last\"]}}")]
    public void A_text_of_10_MB_is_read_whole(string format, string frame)
    {
        string text = string.Concat(Enumerable.Repeat("0123456é ", 1_100_000));
        Assert.Equal([text.Trim(), "last"], Texts(string.Format(frame, text.Trim()), format));
    }

    [Theory]
    [InlineData(nameof(InputFormat.JsonLines), "{\"text\":\"one é\"}\n{\"text\":\"two\"}\n")]
    [InlineData(nameof(InputFormat.Csv), "text\n\"one é\"\ntwo\n")]
    [InlineData(nameof(InputFormat.Json), "{\"more\":[[1]],\"texts\":[\"one é\",{\"id\":1,\"text\":\"two\"}]}")]
    [InlineData(nameof(InputFormat.Text), "one é\ntwo")]
    public void Bytes_may_come_one_at_a_time(string format, string content) =>
        Assert.Equal(["one é", "two"], Read(new TricklingStream(Encoding.UTF8.GetBytes(content)), format).Select(i => i.Text));

    [Fact]
    public void Reading_a_long_input_keeps_memory_flat()
    {
        // 60 MB of lines through a reader that is never asked for more than one text.
        var stream = new RepeatingStream("{\"text\":\"some words of a text\"}\n"u8.ToArray(), 2_000_000);
        var memory = new HeldMemory();
        int count = 0;
        foreach (InputItem _ in Read(stream, InputFormat.JsonLines))
        {
            if (++count % 200_000 == 0 || count == 1) memory.Look();
        }

        Assert.Equal(2_000_000, count);
        Assert.InRange(memory.Growth, 0, 4_000_000);
    }

    [Theory]
    [InlineData("a.txt", nameof(InputFormat.Text))]
    [InlineData("a.JSONL", nameof(InputFormat.JsonLines))]
    [InlineData("a.ndjson", nameof(InputFormat.JsonLines))]
    [InlineData("a.csv", nameof(InputFormat.Csv))]
    [InlineData("a.tsv", nameof(InputFormat.Tsv))]
    [InlineData("a.json", nameof(InputFormat.Json))]
    [InlineData("a", nameof(InputFormat.Text))]
    public void The_extension_names_the_format(string name, string format) =>
        Assert.Equal(Enum.Parse<InputFormat>(format), InputOptions.FormatOf(name));

    [Fact]
    public void A_file_that_is_missing_or_a_folder_is_named()
    {
        string missing = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString());
        foreach (string path in new[] { missing, Path.GetTempPath() })
        {
            ColbertException error = Assert.Throws<ColbertException>(() => InputReader.ReadFile(path, new InputOptions()).Count());
            Assert.Equal((ColbertErrorId.InputInvalid, path), (error.Id, error.Target));
            Assert.Throws<ColbertException>(() => InputReader.Check(path));
        }
    }

    private static IEnumerable<InputItem> Read(Stream stream, InputFormat format) =>
        InputReader.Read(stream, "in", new InputOptions { Format = format });

    private static InputItem[] Items(string content, InputFormat format) =>
        [.. Read(new MemoryStream(Encoding.UTF8.GetBytes(content)), format)];

    private static IEnumerable<string> Texts(string content, InputFormat format) => Items(content, format).Select(i => i.Text);

    private static IEnumerable<InputItem> Read(Stream stream, string format) => Read(stream, Enum.Parse<InputFormat>(format));

    private static InputItem[] Items(string content, string format) => Items(content, Enum.Parse<InputFormat>(format));

    private static IEnumerable<string> Texts(string content, string format) => Texts(content, Enum.Parse<InputFormat>(format));
}
