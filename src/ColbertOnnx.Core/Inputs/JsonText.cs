using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ColbertOnnx.Inputs;

/// <summary>A record of JSON (an object with a text and perhaps an id, or a string) at a reader that stands on its first token.</summary>
internal static class JsonText
{
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 512 };

    /// <summary>Reads one record. False when the buffer ends inside it; the reader must then be thrown away.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, InputOptions options, string location, out InputItem item)
    {
        item = default;
        if (reader.TokenType == JsonTokenType.String)
        {
            item = Item(ref reader, null, location);
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (!reader.TrySkip()) return false;
            item = Bad(null, InputErrors.Invalid(location, "this is neither a string nor an object.", "Give strings, or objects with a text."), location);
            return true;
        }

        InputItem? text = null;
        string? id = null;
        while (true)
        {
            if (!reader.Read()) return false;
            if (reader.TokenType == JsonTokenType.EndObject) break;
            bool isText = NameIs(ref reader, options.TextField);
            bool isId = NameIs(ref reader, options.IdField);
            if (!reader.Read()) return false;
            if (isText && reader.TokenType == JsonTokenType.String) text = Item(ref reader, null, location);
            if (isId) id = Id(ref reader);
            if (!reader.TrySkip()) return false;
        }

        item = text is { } found
            ? found with { Id = id }
            : Bad(id, InputErrors.NoText(location, options.TextField, options.TextFieldOption), location);
        return true;
    }

    private static bool NameIs(ref Utf8JsonReader reader, string name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            // A name with a lone surrogate in its escapes is nobody's field.
            return false;
        }
    }

    private static string? Id(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False) return Encoding.UTF8.GetString(reader.ValueSpan);
        if (reader.TokenType != JsonTokenType.String) return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static InputItem Item(ref Utf8JsonReader reader, string? id, string location)
    {
        if (!Utf8.IsValid(reader.ValueSpan)) throw InputErrors.NotUtf8(location);
        try
        {
            return new InputItem(reader.GetString()!, id, location);
        }
        catch (InvalidOperationException error)
        {
            // The bytes are well formed, so what is left is an escape such as \uD800 without its partner.
            return Bad(id, InputErrors.LoneSurrogate(location, error), location);
        }
    }

    private static InputItem Bad(string? id, ColbertException error, string location) => new("", id, location, error);
}
