using System.Reflection;
using ColbertOnnx.Embeddings;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Parquet;

/// <summary>
/// The native library's exceptions are of many types, and their messages name its classes: here they become errors with a place.
/// </summary>
internal static class ParquetErrors
{
    private const string Begin = "(message: '", Status = "Invalid: ";

    public static T Guard<T>(string location, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (IsTheLibrarys(error))
        {
            throw Unreadable(location, error);
        }
    }

    public static bool IsTheLibrarys(Exception error) =>
        error is not ColbertException and not OperationCanceledException and not OutOfMemoryException;

    public static ColbertException Unreadable(string location, Exception error) =>
        EmbeddingErrors.Invalid(location, $"it cannot be read: {Reason(error)}.", inner: error);

    /// <summary>What the library says, without the names of its types.</summary>
    public static string Reason(Exception error)
    {
        string message = ((error as TargetInvocationException)?.InnerException ?? error).Message;
        int begin = message.IndexOf(Begin, StringComparison.Ordinal), end = message.LastIndexOf("')", StringComparison.Ordinal);
        if (begin >= 0 && end > begin) message = message[(begin + Begin.Length)..end];
        message = message.Trim().TrimEnd('.');
        return message.StartsWith(Status, StringComparison.Ordinal) ? message[Status.Length..] : message;
    }

    public static ColbertException NoColumn(string path, string name, IEnumerable<string> names, string? option, string action) =>
        InputErrors.Invalid(
            path, $"there is no column '{name}' among {ColumnNames.Shown(names)}.",
            option is null ? action : $"Name the column with {option}.");

    public static ColbertException Uneven(string location, string column) =>
        EmbeddingErrors.Invalid(location, $"the column '{column}' ends before the others.");
}
