using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ColbertOnnx.Inputs;
using ColbertOnnx.Tests.Inputs;

namespace ColbertOnnx.Tests.Embeddings;

/// <summary>All shards in their order are the input: each text once.</summary>
public sealed partial class ShardTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Formats => [".txt", ".jsonl", ".json", "csv", "tsv", "quoted", "bare"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void Shards_in_order_are_the_input(string format)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            string[] paths = [.. Enumerable.Range(0, 1 + seed % 3).Select(i => folder.File($"{i}{(format[0] == '.' ? format : ".csv")}"))];
            foreach (string path in paths)
                File.WriteAllBytes(path, random.Next(6) == 0 && format != ".json" ? [] : ShardInput.File(format, random, random.Next(30)));
            InputOptions options = Options(format);
            string[] whole = [.. paths.SelectMany(path => InputReader.ReadFile(path, options)).Select(Told)];
            int bytes = (int)paths.Sum(path => new FileInfo(path).Length);
            foreach (int count in (int[])[1, 2, 3, 7, 16, 61, bytes + 3])
            {
                if (count > 100 && seed % 10 != 0) continue;
                Assert.Equal(whole, Enumerable.Range(1, count).SelectMany(index => Read(paths, options, index, count)).Select(Told));
            }
        }
    }

    [Fact]
    public void Every_place_where_a_file_can_be_cut_gives_each_text_once()
    {
        string path = folder.File("a.csv");
        File.WriteAllText(path, "\uFEFFsep=,\r\n\r\nid,text\r\n1,\"a\r\n\"\"b\"\",\r\n\"\r\n\r\n2,5\" disk\r\n3,\"x\"y\r\n\"4\",\"\"");
        InputOptions options = Options("csv");
        string[] whole = [.. InputReader.ReadFile(path, options).Select(Told)];
        Assert.Equal(4, whole.Length);
        long length = new FileInfo(path).Length;
        for (long cut = 0; cut <= length; cut++)
            Assert.Equal(
                whole,
                InputReader.ReadPart(new(path, 0, cut, length), options)
                    .Concat(cut == length ? [] : InputReader.ReadPart(new(path, cut, length, length), options)).Select(Told));
    }

    [Fact]
    public void Shards_are_of_even_size_and_a_huge_line_belongs_to_one()
    {
        string path = folder.File("a.txt");
        string huge = new('x', 3_000_000);
        File.WriteAllText(path, $"first\n{huge}\nlast\n");
        InputItem[][] shards = [.. Enumerable.Range(1, 10).Select(index => Read([path], new(), index, 10).ToArray())];
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 0, 1], shards.Select(shard => shard.Length));
        Assert.Equal(["first", huge, "last"], shards.SelectMany(shard => shard).Select(item => item.Text));
        File.WriteAllLines(path, Enumerable.Range(0, 1000).Select(i => i.ToString("0000", CultureInfo.InvariantCulture)));
        Assert.Equal(Enumerable.Repeat(100, 10), Enumerable.Range(1, 10).Select(index => Read([path], new(), index, 10).Count()));
    }

    [Fact]
    public void A_file_is_not_opened_by_a_shard_that_has_nothing_of_it()
    {
        folder.With("a.txt", "one\ntwo\n").With("b.txt", "x\0\0\0\0\0\0\0\n");
        string[] paths = [folder.File("a.txt"), folder.File("b.txt")];
        Assert.Equal("a.txt", Path.GetFileName(Assert.Single(InputReader.Divide(paths, new(1, 4))).Path));
        Assert.Empty(InputReader.Divide([folder.With("empty.txt").File("empty.txt")], new(1, 2)));
        Assert.Single(InputReader.Divide([folder.File("empty.txt")], new(2, 2)));
    }

    [Theory]
    [InlineData(InputFormat.Text)]
    [InlineData(InputFormat.JsonLines)]
    [InlineData(InputFormat.Tsv)]
    public void Nothing_is_read_that_belongs_to_others_but_the_head(InputFormat format)
    {
        var content = new StringBuilder(format == InputFormat.Tsv ? "id\ttext\n" : "\"first\"\n");
        for (int i = 0; i < 400_000; i++)
            content.Append(CultureInfo.InvariantCulture, $"\"{i:0000000}\"").Append(format == InputFormat.Tsv ? "\tx\n" : "\n");
        using var stream = new CountingStream(Encoding.UTF8.GetBytes(content.ToString()));
        var range = new ByteRange(stream.Length * 9 / 10, stream.Length * 9 / 10 + 1000);
        var options = new InputOptions { HasIds = false };
        InputItem[] items = format switch
        {
            InputFormat.Text => [.. InputReader.ReadLines(stream, "in", range)],
            InputFormat.JsonLines => [.. JsonLinesReader.Read(stream, "in", options, range)],
            _ => [.. new DelimitedReader(stream, "in", options, '\t', isQuoted: false, range).Read()],
        };
        Assert.InRange(items.Length, 30, 120);
        Assert.InRange(stream.BytesRead, 1000, 3 * InputBuffer.Least);
    }

    [Fact]
    public void What_is_wrong_with_the_first_record_or_the_header_every_shard_says()
    {
        folder.With("a.jsonl", string.Concat(Enumerable.Repeat("{\"body\": \"x\"}\n", 20)))
            .With("a.tsv", "id\tbody\n" + string.Concat(Enumerable.Repeat("1\tx\n", 20)));
        foreach (string name in (string[])["a.jsonl", "a.tsv"])
        {
            string expected = Assert.Throws<ColbertException>(() => InputReader.ReadFile(folder.File(name)).Count()).Message;
            foreach (int index in (int[])[1, 2, 3, 4])
                Assert.Equal(expected, Assert.Throws<ColbertException>(() => Read([folder.File(name)], new(), index, 4).Count()).Message);
        }
    }

    [Theory]
    [InlineData("id,text\n1,a\n2,\"never closed\n3,c\n4,d\n", "in.csv:3: a quoted field begins here and never ends.")]
    [InlineData("id,text\n1,a\n2,\"two\nlines\"x\n3,c\n4,d\n", "in.csv:3: the quote that opens here is closed in line 4, inside a field.")]
    public void Behind_a_quote_that_goes_wrong_no_shard_reads_on(string content, string expected)
    {
        folder.With("in.csv", content);
        int wrong = 0;
        foreach (int index in Enumerable.Range(1, 8))
        {
            try
            {
                Assert.All(Read([folder.File("in.csv")], new(), index, 8), item => Assert.Equal("a", item.Text));
            }
            catch (ColbertException error)
            {
                Assert.EndsWith(expected, error.Message, StringComparison.Ordinal);
                wrong++;
            }
        }

        Assert.InRange(wrong, 3, 8);
    }

    [Fact]
    public void A_place_is_a_line_where_lines_were_counted_and_a_byte_otherwise()
    {
        folder.With("a.txt", "ä\nb\nc\nd\n").With("a.csv", "text\n\"a\n\"\nb\nc\nd\n").With("b.tsv", "text\nb\tx\nc\tx\nd\tx\n")
            .With("b.csv", "text\nb,x\nc,x\nd,x\n");
        Assert.Equal(["a.txt:1", "a.txt:2", "a.txt, byte 5", "a.txt, byte 7"], Places("a.txt"));
        Assert.Equal(["a.csv:2", "a.csv:4", "a.csv:5", "a.csv:6"], Places("a.csv"));
        InputItem[] rows = [.. Read([folder.File("b.tsv")], new(), 2, 2)];
        Assert.Equal("b.tsv, byte 13: the row has 2 fields, and the header has 1.", Path.GetFileName(rows[^1].Error!.Message));

        rows = [.. Read([folder.File("b.csv")], new(), 2, 2)];
        Assert.Equal("b.csv:4: row 3 has 2 fields, and the header has 1.", Path.GetFileName(rows[^1].Error!.Message));

        IEnumerable<string> Places(string name) =>
            Enumerable.Range(1, 2).SelectMany(index => Read([folder.File(name)], new(), index, 2))
                .Select(item => Path.GetFileName(item.Location));
    }

    [Fact]
    public void Another_encoding_is_told_by_every_shard()
    {
        string path = folder.File("a.txt");
        File.WriteAllText(path, string.Concat(Enumerable.Repeat("eins zwei\n", 50)), Encoding.Unicode);
        foreach (int index in (int[])[1, 2, 3])
            Assert.Contains(
                "UTF-16", Assert.Throws<ColbertException>(() => Read([path], new(), index, 3).Count()).Message, StringComparison.Ordinal);
        File.WriteAllText(
            path, string.Concat(Enumerable.Repeat("eins zwei\n", 50)), new UnicodeEncoding(bigEndian: false, byteOrderMark: false));
        foreach (int index in (int[])[1, 2, 3])
            Assert.Contains(
                "UTF-16", Assert.Throws<ColbertException>(() => Read([path], new(), index, 3).Count()).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<InputItem> Read(IReadOnlyList<string> paths, InputOptions options, int index, int count) =>
        InputReader.Divide(paths, new ColbertShard(index, count)).SelectMany(part => InputReader.ReadPart(part, options));

    private static InputOptions Options(string format) => format switch
    {
        "tsv" => new() { Format = InputFormat.Tsv },
        "quoted" => new() { Format = InputFormat.Tsv, IsQuoted = true },
        "bare" => new() { Format = InputFormat.Tsv, HasHeader = false, TextField = "2", IdField = "1" },
        _ => new(),
    };

    // With the line of a place that was told as a byte: it must be the line that the whole run tells.
    private static string Told(InputItem item)
    {
        string location = item.Location;
        if (location.Split(", byte ") is [var path, var said])
        {
            byte[] before = File.ReadAllBytes(path)[..int.Parse(said, CultureInfo.InvariantCulture)];
            Assert.True(before.Length > 0 && before[^1] == '\n');
            location = $"{path}:{1 + before.Count(b => b == '\n')}";
        }

        // Which row it is, is told as the line is.
        string? error = item.Error is null
            ? null
            : Row().Replace(item.Error.Message.Replace(item.Location, location, StringComparison.Ordinal), "row N has");
        return $"{location}|{item.Id}|{item.Text}|{error}";
    }

    [GeneratedRegex("(the row|row [0-9]+) has")]
    private static partial Regex Row();
}
