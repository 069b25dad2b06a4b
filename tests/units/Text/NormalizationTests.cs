using ColbertOnnx.Text;

namespace ColbertOnnx.Tests.Text;

public sealed class NormalizationTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("Nfd", "\u00e9", "e:0 \u0301:1")]
    [InlineData("Nfc", "e\u0301x", "\u00e9:-1 x:0")]
    [InlineData("Nfc", "\u00e9\u0301", "\u00e9:0 \u0301:0")]
    [InlineData("Nfkd", "\ufb01\u2026", "f:0 i:1 .:0 .:1 .:1")]
    [InlineData("Nfkc", "\u1e9b\u0323", "\u1e69:-1")]
    [InlineData("Nfd", "\ud55c", "\u1112:0 \u1161:1 \u11ab:1")]
    [InlineData("Nfc", "\u1112\u1161\u11ab", "\ud55c:-2")]
    [InlineData("Nfd", "a\u0301\u0323", "a:0 \u0323:0 \u0301:0")]
    public void Changes_tell_which_code_points_a_result_stands_for(string form, string text, string expected)
    {
        var buffer = new CodePointBuffer();
        Assert.True(Normalization.Normalize(Enum.Parse<UnicodeForm>(form), [.. text.EnumerateRunes().Select(r => r.Value)], buffer));
        var parts = new List<string>();
        for (int i = 0; i < buffer.Count; i++)
            parts.Add(char.ConvertFromUtf32(buffer.CodePoints[i]) + ":" + buffer.Changes[i]);
        Assert.Equal(expected, string.Join(' ', parts));
    }

    [Fact]
    public void A_text_in_the_form_already_is_left_alone()
    {
        var buffer = new CodePointBuffer();
        Assert.False(Normalization.Normalize(UnicodeForm.Nfc, [.. "plain \u4e2d\u6587".Select(c => (int)c)], buffer));
        Assert.Equal(0, buffer.Count);
    }

    [Fact]
    [Trait("Kind", "Timed")]
    public void A_hundred_thousand_marks_are_sorted_in_linear_time()
    {
        int[] text = new int[200_000];
        for (int i = 0; i < text.Length; i++)
            text[i] = i % 2 == 0 ? 0x301 : 0x323;
        var buffer = new CodePointBuffer();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Normalization.Normalize(UnicodeForm.Nfd, text, buffer);
        output.WriteLine($"{clock.ElapsedMilliseconds} ms");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
        Assert.Equal(0x323, buffer.CodePoints[99_999]);
        Assert.Equal(0x301, buffer.CodePoints[100_000]);
    }

    [Theory]
    [InlineData("\u001c\u00a0 text\u3000\u001f\n", "text")]
    [InlineData("\u200b kept \u200b", "\u200b kept \u200b")]
    [InlineData(" \t", "")]
    public void Python_strips_the_information_separators_and_no_zero_width_space(string text, string stripped) =>
        Assert.Equal(stripped, PythonText.Strip(text).ToString());

    [Theory]
    [InlineData("\u0130STANBUL", "i\u0307stanbul")]
    [InlineData("\u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3", "\u03bf\u03b4\u03c5\u03c3\u03c3\u03b5\u03c5\u03c2")]
    [InlineData("A\u03a3'", "a\u03c2'")]
    [InlineData("A\u03a3'B", "a\u03c3'b")]
    [InlineData("\ud801\udc00\ud83d", "\ud801\udc28\ud83d")]
    public void Python_lowers_with_the_final_sigma_and_beyond_the_first_plane(string text, string lower) =>
        Assert.Equal(lower, PythonText.Lower(text));

    [Fact]
    public void Rust_lowers_each_code_point_alone()
    {
        Span<int> to = stackalloc int[2];
        Assert.Equal(2, UnicodeData.ToLower(0x130, to));
        Assert.Equal(1, UnicodeData.ToLower(0x3A3, to));
        Assert.Equal(0x3C3, to[0]);
    }
}
