using System.Text.Json;

namespace ColbertOnnx.Tests.Diagnostics;

public sealed class ThroughputJsonTests
{
    [Fact]
    public void A_line_has_every_field_of_the_schema_with_its_type_and_no_other()
    {
        foreach (string line in new[]
        {
            Results.Of().ToJson(), (Results.Of() with { Limit = null }).ToJson(),
            (Results.Of() with { Limit = Results.Of().Limit! with { Int8PerSecond = null } }).ToJson(),
            (Results.Of(batch: 4) with { Texts = Results.Of().Texts with { Seed = null } }).ToJson(),
        })
        {
            Assert.DoesNotContain('\n', line);
            Assert.Empty(ThroughputSchema.Errors(line));
        }
    }

    [Fact]
    public void The_numbers_are_where_they_belong()
    {
        JsonElement json = JsonDocument.Parse(Results.Of().ToJson()).RootElement;
        Assert.Equal((90, 100, 110), Spread(json, "documentsPerSecond"));
        Assert.Equal((16200, 18000, 19800), Spread(json, "tokensPerSecond"));
        Assert.Equal((0.96, 0.97, 0.98), Spread(json, "shareOfEngine"));
        Assert.Equal((0.6, 0.7, 0.8), Spread(json.GetProperty("limit"), "share"));
        Assert.Equal(1_920_000_000, json.GetProperty("limit").GetProperty("int8PerText").GetDouble());
        Assert.Equal(6.5, json.GetProperty("latencyMilliseconds").GetProperty("p50").GetDouble());
        Assert.Equal(0.25, json.GetProperty("loadSeconds").GetDouble());
        Assert.Equal(130_000_000, json.GetProperty("peakMemoryBytes").GetInt64());
        Assert.Equal("model \"x\"", json.GetProperty("configuration").GetProperty("model").GetString());
        Assert.Equal("2026-11-24T12:00:00Z", json.GetProperty("measured").GetString());
    }

    [Theory]
    [InlineData("\"repeat\":3", "\"repeat\":\"3\"", "repeat")]
    [InlineData("\"p95\":", "\"p96\":", "p95")]
    [InlineData("\"median\":0.97", "\"median\":null", "shareOfEngine.median")]
    [InlineData("\"kind\":\"document\"", "\"kind\":\"text\"", "kind")]
    public void The_check_of_the_schema_finds_what_is_wrong(string right, string wrong, string place)
    {
        string line = Results.Of().ToJson();
        Assert.Contains(right, line, StringComparison.Ordinal);
        Assert.Contains(
            ThroughputSchema.Errors(line.Replace(right, wrong, StringComparison.Ordinal)),
            error => error.Contains(place, StringComparison.Ordinal));
    }

    private static (double, double, double) Spread(JsonElement json, string name)
    {
        JsonElement spread = json.GetProperty(name);
        return (spread.GetProperty("min").GetDouble(), spread.GetProperty("median").GetDouble(), spread.GetProperty("max").GetDouble());
    }
}
