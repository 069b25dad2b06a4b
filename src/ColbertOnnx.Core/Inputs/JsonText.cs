using System.Text.Json;
using System.Text.Unicode;

namespace ColbertOnnx.Inputs;

/// <summary>A record of JSON (an object with a text and perhaps an id, or a string) at a reader that stands on its first token.</summary>
internal static class JsonText
{
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 512 };

    /// <summary>Reads one record. False when the buffer ends inside it; the reader must then be thrown away.</summary>
    /// <param name="bytes">What the reader reads.</param>
    /// <param name="isFirst">A first record without a field is a wrong name of the field, not a bad text: that is thrown.</param>
    public static bool TryRead(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, InputOptions options, string location, bool isFirst, out InputItem item)
    {
        item = default;
        if (reader.TokenType == JsonTokenType.String)
        {
            item = Item(ref reader, location);
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (!reader.TrySkip()) return false;
            ColbertException error = InputErrors.Invalid(
                location, "this is neither a string nor an object.", "Give strings, or objects with a text.");
            item = Bad(null, error, location);
            return true;
        }

        return TryReadObject(ref reader, bytes, options, location, isFirst, out item);
    }

    private static bool TryReadObject(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, InputOptions options, string location, bool isFirst, out InputItem item)
    {
        item = default;
        string textField = options.TextField ?? "text", idField = options.IdField ?? "id";
        InputItem? text = null;
        string? id = null;
        bool hasText = false, hasId = false;
        ColbertException? error = null;
        while (true)
        {
            if (!reader.Read()) return false;
            if (reader.TokenType == JsonTokenType.EndObject) break;
            bool isText = NameIs(ref reader, textField), isId = options.HasIds && NameIs(ref reader, idField);
            if (!reader.Read()) return false;
            if ((isText && hasText) || (isId && hasId)) error ??= InputErrors.Twice(location, isText ? textField : idField);
            hasText |= isText;
            hasId |= isId;
            if (isText && reader.TokenType == JsonTokenType.String) text = Item(ref reader, location);
            if (isId && !TryReadId(ref reader, bytes, location, out id, ref error)) return false;
            if (!reader.TrySkip()) return false;
        }

        if (isFirst && !hasText) throw InputErrors.NoText(location, textField, options.Words?.TextField);
        if (isFirst && !hasId && options.IdField is not null) throw InputErrors.NoId(location, idField, options.Words?.IdField);
        error ??= text is null ? InputErrors.NoText(location, textField, options.Words?.TextField) : null;
        item = error is null ? text!.Value with { Id = id } : Bad(id, error, location);
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
            // A name with a lone surrogate in its escapes is not a field of ours.
            return false;
        }
    }

    /// <summary>The value on which the reader stands, as it is written.</summary>
    /// <returns>False when the buffer ends inside it.</returns>
    public static bool TryReadRaw(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, string location, out string raw)
    {
        int begin = (int)reader.TokenStartIndex;
        bool isWhole = reader.TrySkip();
        raw = isWhole ? StrictUtf8.Decode(bytes[begin..(int)reader.BytesConsumed], location) : "";
        return isWhole;
    }

    /// <summary>A string; of anything else what is written there, so that no id is lost; null is not an id.</summary>
    private static bool TryReadId(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes, string location, out string? id, ref ColbertException? error)
    {
        id = null;
        if (reader.TokenType == JsonTokenType.Null) return true;
        if (reader.TokenType != JsonTokenType.String) return TryReadRaw(ref reader, bytes, location, out id);
        if (!IsWhole(ref reader, location, out id)) error ??= InputErrors.LoneSurrogate(location);
        return true;
    }

    private static InputItem Item(ref Utf8JsonReader reader, string location) =>
        IsWhole(ref reader, location, out string? text)
            ? new InputItem(text!, null, location)
            : Bad(null, InputErrors.LoneSurrogate(location), location);

    private static bool IsWhole(ref Utf8JsonReader reader, string location, out string? text)
    {
        if (!Utf8.IsValid(reader.ValueSpan)) throw InputErrors.NotUtf8(location);
        try
        {
            text = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            // The bytes are well formed, so what is left is an escape such as \uD800 without its partner.
            text = null;
            return false;
        }
    }

    private static InputItem Bad(string? id, ColbertException error, string location) => new("", id, location, error);
}
