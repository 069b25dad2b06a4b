using ColbertOnnx.Diagnostics.Parity;

namespace ColbertOnnx.Tests.Diagnostics.Parity;

public sealed class TokenAlignmentTests
{
    private const int Dimension = 16;

    [Theory]
    [InlineData("abcdef", "abcdef", "012345")]
    [InlineData("abcdef", "acdef", "0-1234")]
    [InlineData("acdef", "abcdef", "02345")]
    [InlineData("abcdef", "cdef", "--0123")]
    [InlineData("abcdef", "abc", "012---")]
    [InlineData("abcdef", "acf", "0-1--2")]
    [InlineData("axcd", "aycd", "0-23")]
    [InlineData("abcd", "bcde", "-012")]
    [InlineData("aaab", "ab", "0--1")]
    [InlineData("a", "", "-")]
    [InlineData("", "a", "")]
    public void Token_vectors_find_their_partners(string here, string there, string expected)
    {
        int[]? partners = TokenAlignment.Align(Rows(here), Rows(there), Dimension);
        string found = string.Concat(partners!.Select(p => p < 0 ? "-" : p.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        // Of equal vectors beside each other any may be the partner.
        if (here == "aaab") Assert.Equal(2, found.Count(c => c == '-'));
        else Assert.Equal(expected, found);
    }

    [Fact]
    public void A_long_text_beside_a_cut_one_stays_within_its_bounds()
    {
        float[] there = Random(180, 7), here = [.. there[..(170 * Dimension)], .. Random(400, 8), .. there[(170 * Dimension)..]];
        int[] partners = TokenAlignment.Align(here, there, Dimension)!;
        Assert.Equal(Enumerable.Range(0, 170), partners[..170]);
        Assert.Equal(Enumerable.Range(170, 10), partners[^10..]);

        float[] longer = [.. there, .. Random(8000, 9)];
        partners = TokenAlignment.Align(longer, there, Dimension)!;
        Assert.Equal([.. Enumerable.Range(0, 180), .. Enumerable.Repeat(-1, 8000)], partners);
        Assert.Equal(Enumerable.Range(0, 180), TokenAlignment.Align(there, longer, Dimension)!);
        Assert.Null(TokenAlignment.Align(Random(200_000, 1), Random(200_000, 2), Dimension));
    }

    /// <summary>Equal letters are nearly equal vectors, others have little in common.</summary>
    private static float[] Rows(string letters)
    {
        var noise = new Random(letters.Length);
        return [.. letters.SelectMany(letter => Random(1, letter).Select(value => value + ((float)(noise.NextDouble() - 0.5) * 0.05f)))];
    }

    private static float[] Random(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * Dimension).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
