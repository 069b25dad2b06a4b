using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.PowerShell.Binding;

/// <summary>
/// Finds the text of any object: a string is a text, a file stands for its content, other objects have it in a property
/// (the one that was named, else Text, Body or Content), and so have dictionaries under a key.
/// </summary>
internal sealed class TextBinder(string? textProperty, string? idProperty)
{
    // As much of a second as there is, and the offset or Z where one is known: what ISO 8601, and so JSON, has in its strings.
    private const string Date = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";
    private const string Time = "HH:mm:ss.FFFFFFF";

    private static readonly string[] TextNames = ["Text", "Body", "Content"];

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: there is no text in it.</exception>
    public ColbertText Bind(object? item)
    {
        object? value = Wrapped.Bare(item);
        if (value is null) throw Invalid("There is no text in $null.", "Give a text; an empty text is allowed, nothing is not.");
        if (textProperty is null)
        {
            if (value is string text) return new(text, Id(item!, null), text);
            if (value is bool or IFormattable and ValueType) return new(Plain(value, "The object")!, Id(item!, null), item);
            if (value is FileInfo file) return new(InputReader.ReadText(file.FullName), Id(item!, file.FullName), item);
            if (value is DirectoryInfo folder)
                throw Invalid($"'{folder.FullName}' is a folder, not a file.", "Give the files in it: Get-ChildItem -File.");
        }

        foreach (string name in textProperty is null ? TextNames : [textProperty])
        {
            if (!TryGet(item!, name, out object? found)) continue;
            return Plain(found, $"The property '{name}'") is { } text
                ? new(
                    text,
                    Id(item!, idProperty is null && TryGet(item!, "Id", out object? id) ? Plain(id, "The property 'Id'") : null), item)
                : throw Invalid(
                    $"The property '{name}' holds {(found is null ? "nothing" : $"an object of type {found.GetType().Name}")}, not a text.",
                    "Name another property with -TextProperty.");
        }

        if (value is string or bool or IFormattable and ValueType)
            throw Invalid(
                $"{(value is string ? "A string" : $"An object of type {value.GetType().Name}")} has no property '{textProperty}'; it "
                    + $"is a text itself.",
                "Leave -TextProperty out.");
        throw Invalid(
            $"An object of type {value.GetType().Name} has no property "
                + $"{(textProperty is null ? "Text, Body or Content" : $"'{textProperty}'")}.",
            textProperty is null ? "Name the property of the text with -TextProperty." : "Name another property with -TextProperty.");
    }

    private string? Id(object item, string? otherwise) =>
        idProperty is not null && TryGet(item, idProperty, out object? id) ? Plain(id, $"The property '{idProperty}'") : otherwise;

    private static bool TryGet(object item, string name, out object? value)
    {
        (bool isThere, value) = Read($"The property '{name}'", () =>
        {
            if (Wrapped.Bare(item) is IDictionary entries)
            {
                foreach (DictionaryEntry entry in entries)
                    if (entry.Key is string key && key.Equals(name, StringComparison.OrdinalIgnoreCase))
                        return (true, Wrapped.Bare(entry.Value));
                return (false, null);
            }

            PSPropertyInfo? property = PSObject.AsPSObject(item).Properties[name];
            return property is null ? (false, null) : (true, Wrapped.Bare(property.Value));
        });
        return isThere;
    }

    /// <summary>
    /// Strings as they are, numbers, dates and the like so that reading them back gives the same, in every culture; null for what is no
    /// text.
    /// </summary>
    private static string? Plain(object? value, string what) => Wrapped.Bare(value) switch
    {
        string text => text,
        DateTime or DateTimeOffset => ((IFormattable)Wrapped.Bare(value)!).ToString(Date, CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("O", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString(Time, CultureInfo.InvariantCulture),
        Uri address => address.OriginalString,
        IFormattable other => Read(what, () => other.ToString(null, CultureInfo.InvariantCulture)),
        bool truth => truth.ToString(),
        _ => null,
    };

    // Code of others runs here: properties that are scripts, dictionaries and formats of other assemblies. What it throws concerns this
    // object alone.
    private static T Read<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is not (ColbertException or OperationCanceledException or OutOfMemoryException
            or PipelineStoppedException) && !IsFlow(error))
        {
            throw new ColbertException(
                ColbertErrorId.InputInvalid, $"{what} cannot be read: {error.GetBaseException().Message}", null,
                "Correct what computes it, or name another property with -TextProperty or -IdProperty.", error);
        }
    }

    // exit, break and continue of a script go on to where they lead.
    private static bool IsFlow(Exception error) => error is FlowControlException;

    private static ColbertException Invalid(string message, string action) => new(ColbertErrorId.InputInvalid, message, null, action);
}
