namespace ColbertOnnx.Embeddings.Arrays;

/// <summary>
/// Which arrays belong together, by their names: "documents" with "documents_offsets", "query.embeddings" with "query.embedding_offsets",
/// and in a file with one matrix anything that is called "offsets".
/// </summary>
internal static class ArrayNames
{
    private static readonly Dictionary<string, ArrayRole> Roles = new(StringComparer.OrdinalIgnoreCase)
    {
        ["offsets"] = ArrayRole.Offsets,
        ["offset"] = ArrayRole.Offsets,
        ["indptr"] = ArrayRole.Offsets,
        ["lengths"] = ArrayRole.Lengths,
        ["lens"] = ArrayRole.Lengths,
        ["doclens"] = ArrayRole.Lengths,
        ["counts"] = ArrayRole.Lengths,
        ["mask"] = ArrayRole.Mask,
        ["masks"] = ArrayRole.Mask,
        ["scale"] = ArrayRole.Scales,
        ["scales"] = ArrayRole.Scales,
        ["ids"] = ArrayRole.Ids,
        ["texts"] = ArrayRole.Texts,
    };

    /// <summary>What a file beside an npy file may be called that says where its texts begin and end, or their ids.</summary>
    public static IEnumerable<string> Companions =>
        Roles.Where(role => role.Value is ArrayRole.Offsets or ArrayRole.Lengths or ArrayRole.Mask or ArrayRole.Ids)
            .Select(role => role.Key);

    private static readonly char[] Separators = ['.', '_', '-', '/'];

    public static ArrayRole RoleOf(string name) => Roles.GetValueOrDefault(Last(name), ArrayRole.Rows);

    /// <summary>True when the array of a role belongs to these rows.</summary>
    public static bool BelongsTo(string companion, string rows)
    {
        string stem = Stem(companion), parent = Stem(rows);
        return Same(stem, rows) || (parent.Length > 0 && Same(stem, parent));
    }

    /// <summary>The kind that a name speaks of; null when of none.</summary>
    public static TextKind? KindOf(string name) =>
        name.Contains("quer", StringComparison.OrdinalIgnoreCase) ? TextKind.Query
        : name.Contains("doc", StringComparison.OrdinalIgnoreCase)
            || name.Contains("passage", StringComparison.OrdinalIgnoreCase) ? TextKind.Document
        : null;

    private static string Last(string name) => name[(name.LastIndexOfAny(Separators) + 1)..];

    /// <summary>What stands in front of the role: "doc" of "doc_ids"; empty where nothing does.</summary>
    public static string Stem(string name)
    {
        int end = name.LastIndexOfAny(Separators);
        return end < 0 ? "" : name[..end];
    }

    private static bool Same(string a, string b) => a.TrimEnd('s').Equals(b.TrimEnd('s'), StringComparison.OrdinalIgnoreCase);
}
