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
    private static readonly string[] TextNames = ["Text", "Body", "Content"];

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: there is no text in it.</exception>
    public TextItem Bind(object? item)
    {
        object? value = Wrapped.Bare(item);
        if (value is null) throw Invalid("There is no text in $null.", "Give a text; an empty text is allowed, nothing is not.");
        if (textProperty is null)
        {
            if (value is string text) return new(text, Id(item!, null), text);
            if (value is bool or IFormattable and ValueType) return new(Plain(value)!, Id(item!, null), item);
            if (value is FileInfo file) return new(StrictUtf8.ReadFile(file.FullName), Id(item!, file.FullName), item);
            if (value is DirectoryInfo folder) throw Invalid($"'{folder.FullName}' is a folder, not a file.", "Give the files in it: Get-ChildItem -File.");
        }

        foreach (string name in textProperty is null ? TextNames : [textProperty])
        {
            if (!TryGet(item!, name, out object? found)) continue;
            return Plain(found) is { } text
                ? new(text, Id(item!, idProperty is null && TryGet(item!, "Id", out object? id) ? Plain(id) : null), item)
                : throw Invalid($"The property '{name}' holds {(found is null ? "nothing" : $"an object of type {found.GetType().Name}")}, not a text.", "Name another property with -TextProperty.");
        }

        throw Invalid(
            $"An object of type {value.GetType().Name} has no property {(textProperty is null ? "Text, Body or Content" : $"'{textProperty}'")}.",
            "Name the property of the text with -TextProperty.");
    }

    private string? Id(object item, string? otherwise) => idProperty is not null && TryGet(item, idProperty, out object? id) ? Plain(id) : otherwise;

    private static bool TryGet(object item, string name, out object? value)
    {
        if (Wrapped.Bare(item) is IDictionary entries)
        {
            foreach (DictionaryEntry entry in entries)
            {
                if (entry.Key is not string key || !key.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
                value = Wrapped.Bare(entry.Value);
                return true;
            }

            value = null;
            return false;
        }

        PSPropertyInfo? property = PSObject.AsPSObject(item).Properties[name];
        value = property is null ? null : Wrapped.Bare(property.Value);
        return property is not null;
    }

    /// <summary>Strings and numbers as they are; null for what is no text.</summary>
    private static string? Plain(object? value) => Wrapped.Bare(value) switch
    {
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool truth => truth.ToString(),
        _ => null,
    };

    private static ColbertException Invalid(string message, string action) => new(ColbertErrorId.InputInvalid, message, null, action);
}
