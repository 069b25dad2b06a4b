namespace ColbertOnnx.Text;

/// <summary>Scripts of 16.0 (expressions) and of 9.0 (the pre-tokenizer).</summary>
internal static class ScriptData
{
    private static readonly CodePointTrie Scripts;

    /// <summary>Names by number: "Unknown" is 0.</summary>
    public static readonly string[] Names;

    /// <summary>Short names (Latn) by number, empty where not known.</summary>
    public static readonly string[] ShortNames;

    /// <summary>The number of Han.</summary>
    public static readonly int Han;

    private static readonly int Hiragana, Katakana;

    static ScriptData()
    {
        var reader = new TableReader("scripts");
        Scripts = reader.Trie();
        Names = reader.Names();
        ShortNames = reader.Names();
        Han = Array.IndexOf(Names, "Han");
        Hiragana = Array.IndexOf(Names, "Hiragana");
        Katakana = Array.IndexOf(Names, "Katakana");
    }

    /// <summary>First and last code point of each run of a script, Unicode 16.0.</summary>
    public static List<int> Ranges(int script) => Scripts.Ranges(value => (value & 255) == script);

    /// <summary>Script of Unicode 9.0, with the scripts of Japanese as one.</summary>
    public static int OfPreTokenizer(int cp)
    {
        int script = Scripts[cp] >> 8;
        return script == Hiragana || script == Katakana ? Han : script;
    }
}
