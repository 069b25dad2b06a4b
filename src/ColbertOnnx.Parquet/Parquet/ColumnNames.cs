using System.Globalization;

namespace ColbertOnnx.Parquet;

/// <summary>Names of columns as errors list them.</summary>
internal static class ColumnNames
{
    private const int MostShown = 20;

    public static string Shown(IEnumerable<string> names)
    {
        string[] all = [.. names];
        if (all.Length == 0) return "none";
        string shown = string.Join(", ", all.Take(MostShown).Select(name => $"'{name}'"));
        return all.Length > MostShown ? string.Create(CultureInfo.InvariantCulture, $"{shown} and {all.Length - MostShown} more") : shown;
    }
}
