namespace ColbertOnnx.Inputs;

/// <summary>How texts lie in a file.</summary>
public enum InputFormat
{
    /// <summary>A text a line; an empty line is an empty text.</summary>
    Text,

    /// <summary>A JSON object (or string) a line; blank lines do not count.</summary>
    JsonLines,

    /// <summary>RFC 4180, with a header line unless the options say otherwise.</summary>
    Csv,

    /// <summary>The same with tabs, and without quotes: as text/tab-separated-values is registered and collections are written.</summary>
    Tsv,

    /// <summary>One JSON value: {"texts": […]} or […], of strings or of objects.</summary>
    Json,

    /// <summary>Apache Parquet: a column of strings. Never from a stream, because what a file holds stands at its end.</summary>
    Parquet,
}
