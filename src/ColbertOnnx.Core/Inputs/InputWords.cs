namespace ColbertOnnx.Inputs;

/// <summary>How one face calls what says how an input is read: errors name it.</summary>
internal sealed record InputWords(string TextField, string? IdField, string NoHeader, string Delimiter, string Quoted)
{
    public static InputWords Command { get; } = new("--text-field", "--id-field", "--no-header", "--delimiter", "--quoted");

    /// <summary>Of a cmdlet that reads files of texts; it needs no ids.</summary>
    public static InputWords Cmdlet { get; } = new("-TextProperty", null, "-NoHeader", "-Delimiter", "-Quoted");
}
