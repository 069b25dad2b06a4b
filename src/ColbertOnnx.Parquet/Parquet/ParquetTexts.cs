using ColbertOnnx.Inputs;
using ParquetSharp;

namespace ColbertOnnx.Parquet;

/// <summary>Texts of a column of strings, with ids of another one.</summary>
internal static class ParquetTexts
{
    public static IEnumerable<InputItem> Read(string path, InputOptions options, InputPart? part)
    {
        using var source = new ParquetSource(path);
        string textField = options.TextField ?? "text";
        ParquetColumn text = Find(source, textField, options.Words?.TextField, "Call the column of the texts 'text'.")!;
        if (!text.IsText)
            throw InputErrors.Invalid(
                path, $"the column '{textField}' holds {text.Holds}, not strings.", Other(options.Words?.TextField, source));
        ParquetColumn? id = options.HasIds ? Id(source, options) : null;
        long row = 0;
        for (int number = 0; number < source.RowGroups; number++)
        {
            // It may have no page at all.
            if (source.RowsOf(number) == 0) continue;
            if (part is { } own && !IsOf(own, source, row, out bool isBehind))
            {
                if (isBehind) yield break;
                row += source.RowsOf(number);
                continue;
            }

            using RowGroupReader group = source.RowGroup(number, source.At(row + 1), text, id);
            using var texts = new StringColumn(group, text, source.At(row + 1));
            using StringColumn? ids = id is null ? null : new StringColumn(group, id, source.At(row + 1));
            while (texts.TryRead(() => source.At(row + 1), out string? value, out ColbertException? error))
            {
                string location = source.At(++row);
                ColbertException? wrong = null;
                string? name = ids?.ReadBeside(location, out wrong);
                error ??= wrong;
                error ??= value is null ? InputErrors.NoText(location, textField, options.Words?.TextField) : null;
                yield return new InputItem(error is null ? value! : "", name, location, error);
            }
        }
    }

    /// <summary>Whether a row group belongs to a part: its first row stands among the rows as the part among the bytes.</summary>
    private static bool IsOf(InputPart part, ParquetSource source, long firstRow, out bool isBehind)
    {
        long at = (long)((Int128)part.Length * firstRow / Math.Max(source.Rows, 1));
        isBehind = at >= part.End;
        return at >= part.Begin && !isBehind;
    }

    private static ParquetColumn? Id(ParquetSource source, InputOptions options)
    {
        if (options.IdField is null && !source.Columns.Any(column => column.Path == "id" && StringColumn.Reads(column))) return null;
        string name = options.IdField ?? "id";
        ParquetColumn found = Find(source, name, options.Words?.IdField, "Call the column of the ids 'id'.");
        return StringColumn.Reads(found)
            ? found
            : throw InputErrors.Invalid(
                source.Path, $"the column '{name}' holds {found.Holds}, not strings or whole numbers.",
                Other(options.Words?.IdField, source));
    }

    private static ParquetColumn Find(ParquetSource source, string name, string? option, string action)
    {
        ParquetColumn[] found = [.. source.Columns.Where(column => column.Path == name)];
        if (found.Length == 0) found = [.. source.Columns.Where(column => column.Shown == name)];
        return found.Length switch
        {
            1 => found[0],
            0 => throw ParquetErrors.NoColumn(source.Path, name, source.Names, option, action),
            _ => throw InputErrors.Invalid(
                source.Path, $"there are {found.Length} columns '{name}'.", "Give each column a name of its own."),
        };
    }

    private static string Other(string? option, ParquetSource source) =>
        $"{(option is null ? "Name another column" : $"Name another column with {option}")}; strings are in "
            + $"{ColumnNames.Shown(source.Columns.Where(column => column.IsText).Select(column => column.Path))}.";
}
