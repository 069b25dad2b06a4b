using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Modeling;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>Added tokens as the configuration files write them, and as tokenizer.json does.</summary>
internal static class AddedTokenJson
{
    /// <summary>
    /// A string, or an object of content and flags. A flag that is missing is false, but normalized the opposite of special.
    /// </summary>
    public static AddedToken Read(SettingsFile file, string field, JsonElement value, bool isSpecial)
    {
        if (value.ValueKind == JsonValueKind.String) return Make(value.GetString()!, isSpecial, value);
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("content", out JsonElement content)
            || content.ValueKind != JsonValueKind.String)
            throw file.Invalid(field, "holds something that is neither a string nor an object with content");
        return Make(content.GetString()!, isSpecial || Flag(value, "special", false), value);

        bool Flag(JsonElement from, string name, bool missing) =>
            from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out JsonElement flag)
                ? flag.ValueKind is JsonValueKind.True or JsonValueKind.False
                    ? flag.GetBoolean()
                    : throw file.Invalid(field, $"holds a {name} that is not true or false")
                : missing;

        AddedToken Make(string text, bool special, JsonElement from) => new(text)
        {
            SingleWord = Flag(from, "single_word", false),
            LStrip = Flag(from, "lstrip", false),
            RStrip = Flag(from, "rstrip", false),
            Normalized = Flag(from, "normalized", !special),
            Special = special,
        };
    }

    public static JsonObject Write(int id, AddedToken token) => new()
    {
        ["id"] = id,
        ["content"] = token.Content,
        ["single_word"] = token.SingleWord,
        ["lstrip"] = token.LStrip,
        ["rstrip"] = token.RStrip,
        ["normalized"] = token.Normalized,
        ["special"] = token.Special,
    };
}
