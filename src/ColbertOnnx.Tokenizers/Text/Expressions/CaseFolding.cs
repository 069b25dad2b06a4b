namespace ColbertOnnx.Text.Expressions;

/// <summary>Oniguruma's (?i): code points are the same when their foldings are, Unicode 16.0.</summary>
internal static class CaseFolding
{
    private static readonly Dictionary<int, int> Single = [];
    // All code points that fold to the key, the key not among them.
    private static readonly Dictionary<int, List<int>> Sources = [];
    private static readonly HashSet<int> ToSeveral = [];
    private static readonly HashSet<string> Sequences = new(StringComparer.Ordinal);

    static CaseFolding()
    {
        int[] list = CasingData.Folding;
        for (int i = 0; i < list.Length; i += 2 + list[i + 1])
        {
            if (list[i + 1] > 1)
            {
                ToSeveral.Add(list[i]);
                Sequences.Add(string.Concat(list[(i + 2)..(i + 2 + list[i + 1])].Select(char.ConvertFromUtf32)));
                continue;
            }
            Single.Add(list[i], list[i + 2]);
            if (!Sources.TryGetValue(list[i + 2], out List<int>? sources))
                Sources.Add(list[i + 2], sources = []);
            sources.Add(list[i]);
        }
    }

    public static int Fold(int cp) => Single.GetValueOrDefault(cp, cp);

    /// <summary>'ß' is "ss" in another case: not a matter of one code point.</summary>
    public static bool FoldsToSeveral(int cp) => ToSeveral.Contains(cp);

    public static bool HasSeveral(CodePointSet set) => ToSeveral.Any(set.Contains);

    /// <summary>Do the last two or three of these folded letters make up the folding of one code point?</summary>
    public static bool EndsWithSeveral(List<int> folded)
    {
        for (int length = 2; length <= 3 && length <= folded.Count; length++)
        {
            if (Sequences.Contains(string.Concat(folded[^length..].Select(char.ConvertFromUtf32))))
                return true;
        }
        return false;
    }

    /// <summary>The set with the other cases of everything in it.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var more = new List<int>();
        foreach ((int to, List<int> from) in Sources)
        {
            if (!set.Contains(to) && !from.Any(set.Contains))
                continue;
            more.AddRange([to, to]);
            foreach (int cp in from)
                more.AddRange([cp, cp]);
        }
        return more.Count == 0 ? set : set.Union(CodePointSet.Of([.. more]));
    }
}
