namespace ColbertOnnx.Text;

/// <summary>Decompositions, combining classes and compositions of Unicode 9.0.</summary>
internal static class NormalizationData
{
    private const int SBase = 0xAC00, LBase = 0x1100, VBase = 0x1161, TBase = 0x11A7, LCount = 19, VCount = 21, TCount = 28,
        SCount = LCount * VCount * TCount;

    private static readonly CodePointTrie Classes;
    // Three for each class: combining class and flag, canonical, compatible (offset << 8 | length).
    private static readonly int[] Records;
    private static readonly int[] Decompositions;
    private static readonly Dictionary<long, int> Compositions;

    static NormalizationData()
    {
        var reader = new TableReader("normalization");
        Classes = reader.Trie();
        Records = reader.Int32s();
        Decompositions = reader.Int32s();
        int[] first = reader.Int32s(), second = reader.Int32s(), both = reader.Int32s();
        Compositions = new(both.Length);
        for (int i = 0; i < both.Length; i++)
            Compositions.Add((long)first[i] << 21 | (uint)second[i], both[i]);
    }

    /// <summary>Canonical combining class.</summary>
    public static int CombiningClass(int cp) => Records[Classes[cp] * 3] & 255;

    /// <summary>A starter that no form changes, alone or after another code point. Hangul aside.</summary>
    public static bool IsInert(int cp) => Classes[cp] == 0;

    public static bool IsHangulSyllable(int cp) => (uint)(cp - SBase) < SCount;

    /// <summary>Vowels and finals, which may join the code point before them.</summary>
    public static bool IsHangulTail(int cp) => (uint)(cp - VBase) < VCount || (uint)(cp - TBase - 1) < TCount - 1;

    /// <summary>The full decomposition; empty when there is none. Hangul aside.</summary>
    public static ReadOnlySpan<int> Decomposition(int cp, bool compatible)
    {
        int place = Records[Classes[cp] * 3 + (compatible ? 2 : 1)];
        if (place == 0 && compatible)
            place = Records[Classes[cp] * 3 + 1];
        return Decompositions.AsSpan(place >>> 8, place & 255);
    }

    /// <summary>The two or three jamo of a syllable; returns how many.</summary>
    public static int DecomposeHangul(int cp, Span<int> to)
    {
        int s = cp - SBase;
        to[0] = LBase + s / (VCount * TCount);
        to[1] = VBase + s % (VCount * TCount) / TCount;
        to[2] = TBase + s % TCount;
        return s % TCount == 0 ? 2 : 3;
    }

    /// <summary>The composition of two code points, or -1.</summary>
    public static int Compose(int first, int second)
    {
        if ((uint)(first - LBase) < LCount && (uint)(second - VBase) < VCount)
            return SBase + ((first - LBase) * VCount + (second - VBase)) * TCount;
        if (IsHangulSyllable(first) && (first - SBase) % TCount == 0 && (uint)(second - TBase - 1) < TCount - 1)
            return first + (second - TBase);
        if (second < 0x300 || (Records[Classes[second] * 3] & 256) == 0)
            return -1;
        return Compositions.GetValueOrDefault((long)first << 21 | (uint)second, -1);
    }
}
