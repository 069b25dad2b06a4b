using System.Text;
using ColbertOnnx.Cli.Options;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Tests.Inputs;

public sealed class DelimitedInputTests
{
    private static readonly InputOptions Csv = new() { Format = InputFormat.Csv, Words = InputSwitches.Words },
        Tsv = Csv with { Format = InputFormat.Tsv };
    private static readonly InputOptions Collection = Tsv with { HasHeader = false, TextField = "2", IdField = "1" };

    [Fact]
    public void A_row_with_more_fields_than_the_header_is_told_and_the_others_go_on()
    {
        foreach (InputOptions options in (InputOptions[])[Csv, Tsv])
        {
            InputItem[] items = Items(
                "id,text\n0,first\n1,Bread, butter and jam\n2,last\n".Replace(',', options == Csv ? ',' : '\t'), options);
            Assert.Equal(["first", "", "last"], items.Select(item => item.Text));
            ColbertException error = items[1].Error!;
            Assert.Equal((ColbertErrorId.InputInvalid, "in:3: row 2 has 3 fields, and the header has 2."), (error.Id, error.Message));
            Assert.Equal("1", items[1].Id);
            Assert.NotEmpty(error.Action!);
        }
    }

    [Theory]
    [InlineData("id,text,more\n1\n2,b\n3,c,d\n", "in:2: row 1 has 1 field, and the header has 3.")]
    [InlineData("id,text\n1,a,\n2,b\n3,c\n", "in:2: row 1 has 3 fields, and the header has 2.")]
    [InlineData("id,text\n1,\"a\"b\n2,b\n3,c\n", "in:2: a closing quote stands inside a field.")]
    public void A_row_that_has_no_text_or_too_much_of_it_costs_itself(string content, string message)
    {
        InputItem[] items = Items(content, Csv);
        Assert.Equal(message, items[0].Error!.Message);
        Assert.Equal([("b", "2"), ("c", "3")], items[1..].Select(item => (item.Text, item.Id!)));
    }

    [Fact]
    public void Fields_may_be_missing_behind_the_text_and_columns_may_have_no_name()
    {
        Assert.Equal([("a", "1"), ("b", "2")], Items("id,text,,\n1,a\n2,b,x,y\n", Csv).Select(item => (item.Text, item.Id!)));
        Assert.Equal([("a", "1"), ("b", null)], Items("text,id\na,1\nb\n", Csv).Select(item => (item.Text, item.Id)));
    }

    [Fact]
    public void Quotes_of_TSV_are_characters_unless_they_are_said_to_be_quotes()
    {
        const string Content = "id\ttext\n1\t\"So it begins, he wrote\n2\tA 5\" disk\n3\tends with a quote\"\n4\t\"\"\n";
        Assert.Equal(
            ["\"So it begins, he wrote", "A 5\" disk", "ends with a quote\"", "\"\""], Items(Content, Tsv).Select(item => item.Text));
        Assert.Equal(
            [("a\tb\n\"c\"", "1")],
            Items("id\ttext\n1\t\"a\tb\n\"\"c\"\"\"\n", Tsv with { IsQuoted = true }).Select(item => (item.Text, item.Id!)));
        Assert.Equal(["\"a"], Items("text\n\"a\n", Csv with { IsQuoted = false }).Select(item => item.Text));
    }

    [Fact]
    public void A_quoted_TSV_that_is_read_without_quotes_is_told_what_to_give()
    {
        InputItem[] items = Items("id\ttext\n1\t\"two\nlines\"\n", Tsv);
        Assert.Equal([false, true], items.Select(item => item.Error is not null));
        Assert.DoesNotContain("--quoted", items[1].Error!.Action, StringComparison.Ordinal);
        Assert.Contains("--quoted", Items("id\ttext\n1\t\"a\tb\"\n", Tsv)[0].Error!.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collection_without_a_header_has_columns_by_number()
    {
        InputItem[] items = Items("\uFEFF0\tThe first passage.\n1\t\"Quoted start\n\n2\tA 5\" disk\r\n", Collection);
        Assert.Equal(
            [("The first passage.", "0"), ("\"Quoted start", "1"), ("A 5\" disk", "2")], items.Select(item => (item.Text, item.Id!)));
        Assert.Equal(["in:1", "in:2", "in:4"], items.Select(item => item.Location));
        Assert.Equal([("a", null)], Items("0\ta\n", Collection with { IdField = null }).Select(item => (item.Text, item.Id)));
        Assert.Equal(["x, y"], Items("\"x, y\",0\n", Csv with { HasHeader = false, TextField = "1" }).Select(item => item.Text));
    }

    [Fact]
    public void Without_a_header_the_first_row_says_how_many_fields_a_row_has()
    {
        InputItem[] items = Items("0\ta\n1\tb\tc\n2\n3\td\n", Collection);
        Assert.Equal(["a", "", "", "d"], items.Select(item => item.Text));
        Assert.Equal(
            ["in:2: row 2 has 3 fields, and the first row has 2.", "in:3: row 3 has 1 field, and the first row has 2."],
            items[1..3].Select(item => item.Error!.Message));
    }

    [Theory]
    [InlineData(null, "which column holds the text", "--text-field 2")]
    [InlineData("text", "not the number of a column", "--text-field 2")]
    [InlineData("0", "not the number of a column", "--text-field 2")]
    [InlineData("3", "no column 3: the first row has 2", "from 1")]
    public void A_column_without_a_name_must_have_a_number(string? field, string said, string action) =>
        AssertInvalid("0\ta\n", Collection with { TextField = field }, "in:1: ", said, action);

    [Theory]
    [InlineData("0\tThe first\n1\tThe second\n", "no column 'text' among '0', 'The first'", "--no-header")]
    [InlineData("id;text\n1;a\n", "no column 'text' among 'id;text'", "--delimiter ';'")]
    [InlineData("id\ttext\n1\ta\n", "no column 'text'", "--delimiter tab", true)]
    [InlineData("sep=;\nid;text\n1;a\n", "'sep=;'", "--delimiter ';'", true)]
    [InlineData("sep=\t\nid\ttext\n1\ta\n", "says that tab stands", "--delimiter tab", true)]
    [InlineData("text,id,text\na,1,b\n", "columns 1 and 3 are both called 'text'", "name of its own", true)]
    [InlineData("id,text,id\n1,a,2\n", "columns 1 and 3 are both called 'id'", "name of its own", true)]
    public void What_the_first_line_shows_is_told_with_the_option_that_helps(
        string content, string said, string action, bool isCsv = false) =>
        AssertInvalid(content, isCsv || content.Contains(';', StringComparison.Ordinal) ? Csv : Tsv, "in:1: ", said, action);

    [Fact]
    public void A_column_of_ids_that_was_named_must_be_there() =>
        AssertInvalid("text\na\n", Csv with { IdField = "docno" }, "in:1: ", "no column 'docno'", "--id-field");

    [Fact]
    public void Texts_beside_embeddings_speak_of_no_options() =>
        Assert.DoesNotContain(
            "--", AssertInvalid("0\ta\n", new() { Format = InputFormat.Tsv }, "in:1: ", "no column 'text'", "first line").Action,
            StringComparison.Ordinal);

    [Fact]
    public void Another_delimiter_is_taken_and_Excels_line_that_names_it_is_no_header()
    {
        InputOptions semicolon = Csv with { Delimiter = ';' };
        foreach (string first in (string[])["", "sep=;\r\n", "SEP=;\n"])
            Assert.Equal(
                [("a, b; c", "1")], Items($"{first}id;text\r\n1;\"a, b; c\"\r\n", semicolon).Select(item => (item.Text, item.Id!)));
    }

    [Theory]
    [InlineData(";", ';')]
    [InlineData("tab", '\t')]
    [InlineData("\\t", '\t')]
    [InlineData("\t", '\t')]
    [InlineData("", null)]
    [InlineData(";;", null)]
    [InlineData("\"", null)]
    [InlineData("\n", null)]
    public void A_delimiter_is_one_character(string said, char? expected)
    {
        Assert.Equal(expected is not null, Delimiters.TryParse(said, out char delimiter));
        if (expected is not null) Assert.Equal(expected, delimiter);
    }

    [Theory]
    [InlineData("text\na\n\"b\nc\n", "in:3: a quoted field begins here and never ends")]
    [InlineData("text\na\n\"b\nthe \"middle\" of it\nlast\n", "in:3: the quote that opens here is closed in line 4, inside a field")]
    public void A_quote_without_its_partner_is_told_where_it_opened(string content, string said) =>
        AssertInvalid(content, Csv, said, said, "quote");

    [Fact]
    public void Lines_that_end_with_CR_alone_are_not_taken_for_one_line()
    {
        foreach (InputFormat format in (InputFormat[])[InputFormat.Text, InputFormat.Csv, InputFormat.Tsv, InputFormat.JsonLines])
            AssertInvalid("text\ra\rb\r", Csv with { Format = format }, "in: ", "CR alone", "LF");
        Assert.Equal(["one\rline"], Items("one\rline\n", Csv with { Format = InputFormat.Text }).Select(item => item.Text));
    }

    [Fact]
    public void A_column_that_is_missing_is_told_with_the_option_that_named_it()
    {
        ColbertException error = AssertInvalid(
            "key,text\n1,a\n", Csv with { IdField = "code" }, "in:1: ", "no column 'code'", "Name the column with --id-field;");
        Assert.EndsWith("--no-header and the columns' numbers: --id-field 1 --text-field 2.", error.Action, StringComparison.Ordinal);
        error = AssertInvalid(
            "key,text\n1,a\n", Csv with { TextField = "body" }, "in:1: ", "no column 'body'", "Name the column with --text-field;");
        Assert.EndsWith("--no-header and the column's number: --text-field 2.", error.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_have_a_limit_that_is_named()
    {
        string header = string.Concat(Enumerable.Repeat("a,", Limits.MostColumns));
        AssertInvalid(header + "text\n", Csv, "in:1: ", "MostColumns", "delimiter");
    }

    private static ColbertException AssertInvalid(string content, InputOptions options, string begin, string said, string action)
    {
        ColbertException error = Assert.Throws<ColbertException>(() => Items(content, options));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.StartsWith(begin, error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(action, error.Action, StringComparison.Ordinal);
        return error;
    }

    private static InputItem[] Items(string content, InputOptions options) =>
        [.. InputReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(content)), "in", options)];
}
