using ColbertOnnx.Text;

namespace ColbertOnnx.Tests.Text;

/// <summary>One case for each rule of UAX 29, 17.0, that joins or cuts; '|' stands between clusters.</summary>
public sealed class GraphemeBreakerTests
{
    [Theory]
    [InlineData("a|b")]
    [InlineData("\r\n|\n|\r|a")]
    [InlineData("e\u0301|x\u0308\u0301|\n|\u0301")]
    [InlineData("\u1100\u1161\u11a8|\u1100\uac00\u11a8|a|\u1161\u11a8|\uac01\u11a8|\u1161|\u1100\uac01")]
    [InlineData("\u0600a|\u0e01\u0e33|\u0928\u093f")]
    [InlineData("\u0915\u094d\u0937|\u0915|\u0937|\u0915\u094d\u200d\u0937|\u0915\u200d|\u0937")]
    [InlineData("\u1b13\u1b44\u1b13")]
    [InlineData("a\u094d|\u0915")]
    [InlineData("\U0001f1e9\U0001f1ea|\U0001f1eb\U0001f1f7|\U0001f1e9")]
    [InlineData("\U0001f469\u200d\U0001f467|\U0001f44d\U0001f3fd|\u2764\ufe0f\u200d\U0001f525|a\u200d|\U0001f467")]
    public void Clusters_begin_and_end_where_the_rules_say(string marked)
    {
        int[] text = [.. marked.Replace("|", "", StringComparison.Ordinal).EnumerateRunes().Select(r => r.Value)];
        var clusters = new List<string>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = GraphemeBreaker.Next(text, start);
            clusters.Add(string.Concat(text[start..end].Select(char.ConvertFromUtf32)));
        }
        Assert.Equal(marked.Split('|'), clusters);
    }
}
