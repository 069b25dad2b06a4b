namespace ColbertOnnx;

/// <summary>Names in a message.</summary>
internal static class Names
{
    private const int Most = 20;

    /// <summary>In their order, quoted; of many the first ones and how many more there are.</summary>
    public static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names.Order(StringComparer.Ordinal)];
        return string.Join(", ", all.Take(Most).Select(name => $"'{name}'"))
            + (all.Length > Most ? FormattableString.Invariant($" and {all.Length - Most} more") : "");
    }
}
