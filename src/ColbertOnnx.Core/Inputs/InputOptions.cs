namespace ColbertOnnx.Inputs;

/// <summary>What an input is read as.</summary>
internal sealed record InputOptions
{
    /// <summary>Null: by the file's extension, text where that says nothing.</summary>
    public InputFormat? Format { get; init; }

    /// <summary>Name of the field or column that holds the text.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>Name of the field or column that holds the caller's name for the text; it may be missing.</summary>
    public string IdField { get; init; } = "id";

    /// <summary>How the user of this face says "the other field": named in errors.</summary>
    public string TextFieldOption { get; init; } = "--text-field";

    /// <summary>The format that a file name stands for.</summary>
    public static InputFormat FormatOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".jsonl" or ".ndjson" => InputFormat.JsonLines,
        ".csv" => InputFormat.Csv,
        ".tsv" => InputFormat.Tsv,
        ".json" => InputFormat.Json,
        _ => InputFormat.Text,
    };
}
