namespace ColbertOnnx.Text;

/// <summary>Case mappings of two versions, and Oniguruma's case folding.</summary>
internal static class CasingData
{
    private static readonly CodePointTrie Classes;
    // For each class: distance to the lower case of 17.0, of 14.0, and flags.
    private static readonly int[] Records;

    /// <summary>From, length, to: for each code point that folds to something else.</summary>
    public static readonly int[] Folding;

    static CasingData()
    {
        var reader = new TableReader("casing");
        Classes = reader.Trie();
        Records = reader.Int32s();
        Folding = reader.Int32s();
    }

    /// <summary>What to add to get the simple lower case of Unicode 17.0, which Rust uses.</summary>
    public static int RustDistance(int cp) => Records[Classes[cp] * 3];

    /// <summary>What to add to get the simple lower case of Unicode 14.0, which Python 3.11 uses.</summary>
    public static int PythonDistance(int cp) => Records[Classes[cp] * 3 + 1];

    /// <summary>Cased, 14.0.</summary>
    public static bool IsCased(int cp) => (Records[Classes[cp] * 3 + 2] & 1) != 0;

    /// <summary>Case_Ignorable, 14.0.</summary>
    public static bool IsCaseIgnorable(int cp) => (Records[Classes[cp] * 3 + 2] & 2) != 0;
}
