namespace ColbertOnnx.Inputs;

/// <summary>What stands between two fields, as people write it.</summary>
internal static class Delimiters
{
    private static readonly char[] Common = [';', '\t', '|', ','];

    /// <summary>One character, or "tab" or "\t" for a tab.</summary>
    public static bool TryParse(string said, out char delimiter)
    {
        delimiter = said is "tab" or "\\t" ? '\t' : said.Length == 1 ? said[0] : '"';
        return delimiter is not ('"' or '\r' or '\n') && !char.IsSurrogate(delimiter);
    }

    public static string NameOf(char delimiter) => delimiter == '\t' ? "tab" : $"'{delimiter}'";

    /// <summary>Another one that this line seems to have; null: none.</summary>
    public static char? Likely(string line, char given) => Common.Where(c => c != given && line.Contains(c)).Cast<char?>().FirstOrDefault();
}
