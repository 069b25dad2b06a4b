using ColbertOnnx.Inputs;

namespace ColbertOnnx.Embeddings;

/// <summary>
/// How an input is read, field by field: what a default stands for is written as if it had been said, and what is of no use for its formats
/// is empty.
/// </summary>
internal static class InputIdentity
{
    /// <param name="inputs">The files; "-" is standard input.</param>
    /// <param name="options">What they are read as.</param>
    public static IEnumerable<(string Name, string Value)> Of(IEnumerable<string> inputs, InputOptions options)
    {
        InputFormat[] formats =
        [
            .. inputs.Select(path => options.Format ?? (path == "-" ? InputFormat.Text : InputOptions.FormatOf(path))).Distinct(),
        ];
        InputFormat[] tables = [.. formats.Where(format => format is InputFormat.Csv or InputFormat.Tsv)];
        bool hasFields = formats.Any(format => format != InputFormat.Text), hasColumns = tables.Length > 0;
        yield return ("input format", string.Join(' ', formats.Select(NameOf)));
        yield return ("text field", hasFields ? options.TextField ?? "text" : "");
        // One that is asked for must be there.
        yield return ("id field", !hasFields || !options.HasIds ? "" : options.IdField ?? "id, if there is one");
        yield return ("header", hasColumns ? RunIdentity.Said(options.HasHeader) : "");
        yield return (
            "delimiter",
            !hasColumns
                ? ""
                : options.Delimiter is { } said ? NameOf(said)
                : string.Join(' ', tables.Select(format => NameOf(format == InputFormat.Csv ? ',' : '\t'))));
        yield return (
            "quoted",
            !hasColumns
                ? ""
                : string.Join(' ', tables.Select(format => RunIdentity.Said(options.IsQuoted ?? format == InputFormat.Csv)).Distinct()));
    }

    private static string NameOf(char delimiter) => delimiter == '\t' ? "tab" : delimiter.ToString();

    private static string NameOf(InputFormat format) => format == InputFormat.JsonLines ? "jsonl" : format.ToString().ToLowerInvariant();
}
