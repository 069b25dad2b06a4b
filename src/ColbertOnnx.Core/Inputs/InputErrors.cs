using System.Globalization;

namespace ColbertOnnx.Inputs;

/// <summary>The errors of this namespace, in one form: what, where, what to do.</summary>
internal static class InputErrors
{
    public static string At(string source, long line) => string.Create(CultureInfo.InvariantCulture, $"{source}:{line}");

    /// <summary>Of a line that nothing counted those before: its offset, from 0, as <c>grep -b</c> gives it.</summary>
    public static string AtByte(string source, long offset) => string.Create(CultureInfo.InvariantCulture, $"{source}, byte {offset}");

    public static ColbertException Invalid(string location, string what, string action, Exception? inner = null) =>
        new(ColbertErrorId.InputInvalid, $"{location}: {what}", location, action, inner);

    /// <summary>A read whose failure names the input.</summary>
    public static int Read(Stream stream, Span<byte> buffer, string source)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Invalid(source, $"the input cannot be read: {error.Message.TrimEnd('.')}.", "Check where it comes from.", error);
        }
    }

    public static ColbertException NotUtf8(string location, Exception? inner = null) =>
        Invalid(location, "this is not UTF-8.", "Save the file as UTF-8.", inner);

    public static ColbertException OtherEncoding(string source, string isWhat) =>
        Invalid(source, $"the text {isWhat}, not UTF-8.", "Save the file as UTF-8.");

    public static ColbertException CarriageReturns(string source) =>
        Invalid(
            source,
            "its lines end with CR alone, and nothing would tell them from one long line.",
            "Save the file with line ends of LF or CR LF.");

    public static ColbertException TooLong(string location, string what) =>
        Invalid(
            location,
            FormattableString.Invariant($"{what} is longer than {Limits.LongestLine} bytes (the limit LongestLine)."),
            "Split the text.");

    public static ColbertException NotJson(string location, Exception inner) =>
        Invalid(location, $"this is not JSON ({Reason(inner)}).", "Mend the JSON, or name the input's format.", inner);

    public static ColbertException LoneSurrogate(string location, Exception? inner = null) =>
        Invalid(
            location,
            "the text holds half of a surrogate pair, which no encoding of Unicode can write.",
            "Remove the lone surrogate from the text.",
            inner);

    public static ColbertException NoText(string location, string field, string? option) =>
        Invalid(location, $"there is no text in '{field}'.", $"Give each record a string in '{field}'{Or(option)}.");

    public static ColbertException NoId(string location, string field, string? option) =>
        Invalid(location, $"there is no '{field}', which should hold the id.", $"Give the first record an id in '{field}'{Or(option)}.");

    public static ColbertException Twice(string location, string field) =>
        Invalid(location, $"there are two fields '{field}'.", "Leave one of them out.");

    private static string Or(string? option) => option is null ? "" : $", or name another field with {option}";

    // The framework's sentence ends with its own line and position, which count from the buffer, not from the file.
    private static string Reason(Exception inner)
    {
        string message = inner.Message;
        int end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }
}
