namespace ColbertOnnx.Inputs;

/// <summary>How one face calls what says how an input is read: errors name it.</summary>
internal sealed record InputWords(string TextField, string IdField, string NoHeader, string Delimiter, string Quoted, string? Format)
{
    public static InputWords Command { get; } = new("--text-field", "--id-field", "--no-header", "--delimiter", "--quoted", "--input-format");

    /// <summary>Of a cmdlet that reads files of texts; it needs no ids, and the name says the format.</summary>
    public static InputWords Cmdlet { get; } = new("-TextProperty", "-IdProperty", "-NoHeader", "-Delimiter", "-Quoted", null);
}
