using ColbertOnnx.Inputs;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>How files of texts are read, as -TextProperty, -IdProperty, -Delimiter, -NoHeader and -Quoted say it.</summary>
internal static class TextFiles
{
    /// <param name="hasIds">The cmdlet has use for ids.</param>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: the delimiter is none.</exception>
    public static InputOptions Options(
        string? textProperty, string? delimiter, bool isHeaderless, bool isQuoted, bool hasIds = false, string? idProperty = null)
    {
        char character = default;
        if (delimiter is not null && !InputOptions.TryParseDelimiter(delimiter, out character))
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"-Delimiter: '{delimiter}' is not one character, or it is a quote.", "-Delimiter",
                "Give one character, or 'tab'.");
        return new InputOptions
        {
            TextField = textProperty,
            IdField = idProperty,
            HasIds = hasIds,
            HasHeader = !isHeaderless,
            Delimiter = delimiter is null ? null : character,
            IsQuoted = isQuoted ? true : null,
            Words = new InputWords("-TextProperty", hasIds ? "-IdProperty" : null, "-NoHeader", "-Delimiter", "-Quoted"),
        };
    }
}
