using System.Text;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Inputs;

public sealed class JsonInputTests
{
    private static readonly InputOptions Lines = new() { Format = InputFormat.JsonLines, Words = InputSwitches.Words },
        Json = Lines with { Format = InputFormat.Json };

    [Theory]
    [InlineData("{\"id\":2,\"text\":NaN}")]
    [InlineData("{\"text\":Infinity}")]
    [InlineData("{\"text\":\"b\",\"x\":-Infinity}")]
    [InlineData("{'text':'b'}")]
    [InlineData("{\"text\":\"b\"} x")]
    [InlineData("{\"text\":\"b")]
    [InlineData("\uFEFF{\"text\":\"b\"}")]
    [InlineData("id,text")]
    public void A_line_that_is_no_JSON_costs_that_line_wherever_it_stands(string bad)
    {
        for (int place = 0; place < 3; place++)
        {
            List<string> lines = ["{\"text\":\"a\"}", "{\"text\":\"c\"}"];
            lines.Insert(place, bad);
            // The mark at the very beginning is one of the file.
            string content = bad[0] == '\uFEFF' && place == 0 ? "\uFEFF" + string.Join('\n', lines) : string.Join('\n', lines);
            InputItem[] items = Items(content, Lines);
            Assert.Equal(["a", "c"], items.Where(item => item.Error is null).Select(item => item.Text));
            Assert.StartsWith($"in:{place + 1}: this is not JSON", items[place].Error!.Message, StringComparison.Ordinal);
            Assert.Equal(ColbertErrorId.InputInvalid, items[place].Error!.Id);
        }
    }

    [Fact]
    public void A_line_that_is_no_UTF8_costs_that_line()
    {
        InputItem[] items = Items(Encoding.Latin1.GetBytes("{\"text\":\"a\"}\n{\"text\":\"b\u00ffd\"}\n{\"text\":\"c\"}\n"), Lines);
        Assert.Equal(["a", "", "c"], items.Select(item => item.Text));
        Assert.StartsWith("in:2: this is not UTF-8", items[1].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_begins_with_nothing_but_other_lines_is_no_JSON_Lines()
    {
        var read = new List<InputItem>();
        ColbertException error = Assert.Throws<ColbertException>(() =>
        {
            foreach (InputItem item in InputReader.Read(
                new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("plain text\n", 20)))), "in", Lines))
                read.Add(item);
        });
        Assert.Equal(Limits.MostBrokenLines, read.Count);
        Assert.Contains("MostBrokenLines", error.Message, StringComparison.Ordinal);
        Assert.Equal(21, Items("{\"text\":\"a\"}\n" + string.Concat(Enumerable.Repeat("plain text\n", 20)), Lines).Length);
    }

    [Theory]
    [InlineData("{\"text\":\"a\",\"text\":\"b\"}", "two fields 'text'")]
    [InlineData("{\"id\":1,\"id\":2,\"text\":\"b\"}", "two fields 'id'")]
    [InlineData("{\"id\":\"\\ud800\",\"text\":\"b\"}", "surrogate")]
    [InlineData("{\"text\":[\"b\"]}", "no text in 'text'")]
    public void What_would_be_lost_of_a_record_is_told_instead(string record, string said)
    {
        InputItem[] lines = Items($"{{\"text\":\"a\"}}\n{record}\n{{\"text\":\"c\"}}\n", Lines),
            list = Items($"[\"a\",{record},\"c\"]", Json);
        foreach (InputItem[] items in (InputItem[][])[lines, list])
        {
            Assert.Equal(["a", "", "c"], items.Select(item => item.Text));
            Assert.Contains(said, items[1].Error!.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("{\"$oid\": \"5\"}")]
    [InlineData("[1, \"ü\"]")]
    [InlineData("1.50")]
    [InlineData("true")]
    public void An_id_that_is_no_string_is_what_is_written_there(string id)
    {
        Assert.Equal([id], Items($"{{\"id\": {id},\"text\":\"a\"}}", Lines).Select(item => item.Id));
        string content = $"[\"x\",{{\"text\":\"a\", \"id\": {id} }}]";
        IEnumerable<InputItem> list = InputReader.Read(new TricklingStream(Encoding.UTF8.GetBytes(content)), "in", Json);
        Assert.Equal([null, id], list.Select(item => item.Id));
        Assert.Equal([null], Items($"{{\"id\": {id},\"text\":\"a\"}}", Lines with { HasIds = false }).Select(item => item.Id));
    }

    [Fact]
    public void An_id_may_be_missing_in_some_records_but_a_field_that_was_named_must_be_in_the_first()
    {
        Assert.Equal(
            ["1", null, null, "true"],
            Items(
                "{\"text\":\"a\",\"id\":1}\n{\"text\":\"b\"}\n{\"text\":\"c\",\"id\":null}\n{\"id\":true,\"text\":\"d\"}\n",
                Lines).Select(item => item.Id));
        foreach (InputOptions options in (InputOptions[])[Lines, Json])
        {
            ColbertException error = Assert.Throws<ColbertException>(() => Items(
                options == Lines ? "{\"text\":\"a\"}" : "[{\"text\":\"a\"}]", options with { IdField = "docno" }));
            Assert.Contains("'docno'", error.Message, StringComparison.Ordinal);
            Assert.Contains("--id-field", error.Action, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Items_of_a_list_are_told_by_their_place()
    {
        InputItem[] items = Items("{\"more\":{\"texts\":[1]},\"texts\":[\"a\",null,\"b\",\n5,{\"text\":7},\"c\"]}", Json);
        Assert.Equal(["a", "", "b", "", "", "c"], items.Select(item => item.Text));
        Assert.Equal(
            ["in:1, texts[0]", "in:1, texts[1]", "in:1, texts[2]", "in:2, texts[3]", "in:2, texts[4]", "in:2, texts[5]"],
            items.Select(item => item.Location));
        Assert.All(
            items.Where(item => item.Error is not null),
            item => Assert.StartsWith($"{item.Location}: ", item.Error!.Message, StringComparison.Ordinal));
        Assert.StartsWith(
            "in:1, [1]: this is not JSON", Assert.Throws<ColbertException>(() => Items("[\"a\",NaN,\"b\"]", Json)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "in:1, documents[0]: there is no text in 'text'",
            Assert.Throws<ColbertException>(() => Items("{\"documents\":[{\"body\":\"a\"}]}", Json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_beside_the_texts_are_passed_over_piece_by_piece()
    {
        string numbers = string.Join(',', Enumerable.Range(0, 100_000));
        Assert.Equal(
            ["a"],
            Items(
                $"{{\"vectors\":[[{numbers}],{{\"x\":[{numbers}]}}],\"n\":1,\"texts\":[\"a\"],\"z\":{{\"texts\":[\"b\"]}}}}",
                Json).Select(item => item.Text));
    }

    private static InputItem[] Items(string content, InputOptions options) => Items(Encoding.UTF8.GetBytes(content), options);

    private static InputItem[] Items(byte[] content, InputOptions options) =>
        [.. InputReader.Read(new MemoryStream(content), "in", options)];
}
