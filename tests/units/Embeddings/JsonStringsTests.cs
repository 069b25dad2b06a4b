using System.Text;
using System.Text.Json;

namespace ColbertOnnx.Tests.Embeddings;

public sealed class JsonStringsTests
{
    [Fact]
    public void Every_character_reads_back_and_a_line_stays_a_line()
    {
        string all = string.Concat(Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(c => new Rune(c).ToString()));
        string json = Write(all);
        Assert.Equal(all, JsonDocument.Parse(json).RootElement.GetProperty("x").GetString());
        Assert.DoesNotContain(json, c => char.IsControl(c) || c is '\u2028' or '\u2029');
    }

    [Fact]
    public void Only_what_must_be_escaped_is() =>
        Assert.Equal("{\"x\":\"a\\\"\\\\/\\n\\r\\t\\u0000\\u007F\\u2028<é\U0001F600\"}", Write("a\"\\/\n\r\t\0\u007F\u2028<é\U0001F600"));

    [Theory]
    [InlineData(null, "null")]
    [InlineData("", "\"\"")]
    public void No_text_and_an_empty_one_differ(string? text, string json) => Assert.Equal($"{{\"x\":{json}}}", Write(text));

    private static string Write(string? text)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonArrays.Options))
        {
            json.WriteStartObject();
            json.WriteText("x", text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
