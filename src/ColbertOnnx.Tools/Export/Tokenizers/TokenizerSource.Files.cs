using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.IO;
using ColbertOnnx.Modeling;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export.Tokenizers;

internal sealed partial class TokenizerSource
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonWriterOptions Format = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the checkpoint's tokenizer.json, or makes one of its vocab.txt where the class can.</summary>
    public static TokenizerSource Open(string folder, TokenizerClass? own)
    {
        string path = Path.Combine(folder, "tokenizer.json"), text = Path.Combine(folder, "vocab.txt");
        if (FileLinks.IsThere(path)) return Parse(path, ReadFile(path));
        if (own is { ReadsVocabularyText: true } && FileLinks.IsThere(text)) return OfVocabulary(text, own);
        throw new ColbertException(
            ColbertErrorId.ModelIncomplete,
            $"The checkpoint '{folder}' lacks tokenizer.json.",
            path,
            "Load the tokenizer once with AutoTokenizer of transformers and save it into the folder with save_pretrained.");
    }

    public void WriteTo(Stream output)
    {
        using var json = new Utf8JsonWriter(output, Format);
        json.WriteStartObject();
        foreach ((string part, JsonNode? value) in root)
        {
            json.WritePropertyName(part);
            if (part == "model") WriteModel(json);
            else Write(json, value);
        }

        json.WriteEndObject();
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach ((string option, JsonNode? value) in Model)
        {
            json.WritePropertyName(option);
            if (giants.TryGetValue(option, out ReadOnlyMemory<byte> bytes)) json.WriteRawValue(bytes.Span, skipInputValidation: true);
            else Write(json, value);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, JsonNode? value)
    {
        if (value is null) json.WriteNullValue();
        else value.WriteTo(json);
    }

    private static TokenizerSource Parse(string path, ReadOnlyMemory<byte> bytes) => Guard(path, () =>
    {
        bytes = Utf8Of(bytes);
        JsonFile.CheckText(bytes.Span, path, Path.GetFileName(path), ColbertErrorId.TokenizerInvalid);
        var giants = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(bytes.Span);
        reader.Read();
        JsonObject root = ReadObject(ref reader, bytes, giants, isModel: false);
        if (reader.Read()) throw new JsonException("something else follows");
        return new TokenizerSource(path, root, giants);
    });

    private static ReadOnlyMemory<byte> Utf8Of(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    // Only the root and the model are taken apart; what is below them stays one node.
    private static JsonObject ReadObject(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> bytes, Dictionary<string, ReadOnlyMemory<byte>> giants, bool isModel)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("an object belongs here");
        var fields = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            if (!isModel && name == "model" && reader.TokenType == JsonTokenType.StartObject)
            {
                fields[name] = ReadObject(ref reader, bytes, giants, isModel: true);
                continue;
            }

            int start = (int)reader.TokenStartIndex;
            reader.Skip();
            ReadOnlyMemory<byte> value = bytes[start..(int)reader.BytesConsumed];
            bool isGiant = isModel && name is "vocab" or "merges";
            if (isGiant) giants[name] = value;
            fields[name] = isGiant ? null : JsonNode.Parse(value.Span);
        }

        return fields;
    }

    // One piece a line, its number the id; blanks at its end are not part of it, and of two equal ones the later counts.
    private static TokenizerSource OfVocabulary(string path, TokenizerClass own)
    {
        var ids = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        string text = Guard(path, () => Strict.GetString(Utf8Of(ReadFile(path)).Span));
        using var lines = new StringReader(text);
        for (int i = 0; lines.ReadLine() is { } line; i++) ids[line.TrimEnd()] = i;
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Format))
        {
            json.WriteStartObject();
            foreach ((string piece, int id) in ids) json.WriteNumber(piece, id);
            json.WriteEndObject();
        }

        var root = new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = null,
            ["normalizer"] = null,
            ["pre_tokenizer"] = null,
            ["post_processor"] = null,
            ["decoder"] = null,
            ["model"] = new JsonObject { ["type"] = own.ModelType, ["vocab"] = null },
        };
        return new TokenizerSource(path, root, new() { ["vocab"] = bytes.WrittenMemory });
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return RegularFile.Read(path, Limits.TokenizerFile) ?? throw Tokenizer.TooLarge(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ColbertException(
                ColbertErrorId.TokenizerInvalid, $"'{path}' cannot be read: {e.Message}", path, "Check the file and its rights.", e);
        }
    }
}
