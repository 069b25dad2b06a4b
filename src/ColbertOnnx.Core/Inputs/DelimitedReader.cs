using System.Globalization;

namespace ColbertOnnx.Inputs;

/// <summary>Texts in a column of CSV or TSV.</summary>
internal sealed class DelimitedReader
{
    private readonly InputOptions options;
    private readonly char delimiter;
    private readonly bool isQuoted;
    private readonly DelimitedRecords records;
    private readonly ByteRange range;
    private InputColumns columns;
    private long before;

    /// <param name="delimiter">What stands between fields where the options do not say.</param>
    /// <param name="isQuoted">Whether there are quotes, where the options do not say.</param>
    /// <param name="range">Which rows are read.</param>
    public DelimitedReader(Stream stream, string source, InputOptions options, char delimiter, bool isQuoted, ByteRange range)
    {
        this.range = range;
        this.options = options;
        this.delimiter = options.Delimiter ?? delimiter;
        this.isQuoted = options.IsQuoted ?? isQuoted;
        records = new DelimitedRecords(stream, source, this.delimiter, this.isQuoted, range);
    }

    public IEnumerable<InputItem> Read()
    {
        if (!records.TryRead() || (IsDelimiterLine() && !records.TryRead())) yield break;
        if (records.Error is { } error) throw error;
        columns = InputColumns.Of(records.Fields, options, delimiter, records.Location);
        before = records.Number!.Value - (options.HasHeader ? 0 : 1);
        if (!options.HasHeader && range.Contains(records.Begin)) yield return Item();
        records.Seek(range.Begin);
        while (records.TryRead()) yield return Item();
    }

    /// <summary>Excel's own first line, which names the delimiter of the others.</summary>
    private bool IsDelimiterLine()
    {
        string line = string.Join(delimiter, records.Fields.Take(2));
        if (line.Length != 5 || !line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)) return false;
        if (line[4] == delimiter) return true;
        string said = Delimiters.NameOf(line[4]);
        throw InputErrors.Invalid(
            records.Location,
            $"the first line, '{line}', says that {said} stands between the fields, and it is read with {Delimiters.NameOf(delimiter)}.",
            options.Words is { } words ? $"Read it with {words.Delimiter} {said}." : "Write it with commas, or as JSON Lines.");
    }

    private InputItem Item()
    {
        string location = records.Location;
        string? id = columns.Id >= 0 && columns.Id < records.Fields.Count ? records.Fields[columns.Id] : null;
        ColbertException? error = records.Error ?? WrongCount(location);
        return new InputItem(error is null ? records.Fields[columns.Text] : "", id, location, error);
    }

    /// <summary>
    /// More fields than columns are a text that was cut; fewer only where the text is not among them, because programs leave out empty ones
    /// at the end.
    /// </summary>
    private ColbertException? WrongCount(string location)
    {
        int count = records.Fields.Count;
        if (count == columns.Count || (options.HasHeader && count < columns.Count && columns.Text < count)) return null;
        string fields = ShownText.Count(count, "field"), first = options.HasHeader ? "header" : "first row";
        string row = records.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"row {number - before}") : "the row";
        return InputErrors.Invalid(location, $"{row} has {fields}, and the {first} has {columns.Count}.", Action());
    }

    private string Action()
    {
        string name = Delimiters.NameOf(delimiter);
        if (isQuoted) return $"Put quotes around a field that holds {name} or a line break.";
        return records.Fields.Any(field => field.StartsWith('"')) && options.Words is { } words
            ? $"Where quotes stand around fields, read it with {words.Quoted}; otherwise replace each {name} and line break inside a field."
            : $"Replace each {name} and line break inside a field.";
    }
}
