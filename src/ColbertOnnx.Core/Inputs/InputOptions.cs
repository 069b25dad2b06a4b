namespace ColbertOnnx.Inputs;

/// <summary>What an input is read as.</summary>
public sealed record InputOptions
{
    /// <summary>Null: by the file's extension, text where that says nothing.</summary>
    public InputFormat? Format { get; init; }

    /// <summary>Name of the field or column that holds the text, or the column's number where there is no header. Null: "text".</summary>
    public string? TextField { get; init; }

    /// <summary>The same for the caller's name of the text. Null: "id" where there is one.</summary>
    public string? IdField { get; init; }

    /// <summary>False where ids are not used: what is wrong with them does not matter then.</summary>
    public bool HasIds { get; init; } = true;

    /// <summary>The first line of CSV and TSV names the columns; otherwise they have numbers, from 1.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>What stands between the fields of CSV and TSV. Null: a comma, a tab.</summary>
    public char? Delimiter { get; init; }

    /// <summary>
    /// Quotes around a field of CSV or TSV are not part of it. Null: so it is in CSV; in TSV a quote is a character as any other.
    /// </summary>
    public bool? IsQuoted { get; init; }

    /// <summary>How the user of this face says all that; null where it cannot be said.</summary>
    public InputWords? Words { get; init; }

    /// <summary>What people write for a delimiter: one character, or "tab" or "\t" for a tab.</summary>
    /// <param name="said">What they wrote.</param>
    /// <param name="delimiter">The character; of no use where the answer is false.</param>
    /// <returns>False: it is a quote, a line break, half of a surrogate pair, or not one character.</returns>
    public static bool TryParseDelimiter(string said, out char delimiter) => Delimiters.TryParse(said, out delimiter);

    /// <summary>The format that a file name stands for.</summary>
    /// <param name="path">Its extension counts, whatever its case; one that says nothing is <see cref="InputFormat.Text"/>.</param>
    public static InputFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" => InputFormat.JsonLines,
        ".csv" => InputFormat.Csv,
        ".tsv" => InputFormat.Tsv,
        ".json" => InputFormat.Json,
        ".parquet" => InputFormat.Parquet,
        _ => InputFormat.Text,
    };
}
