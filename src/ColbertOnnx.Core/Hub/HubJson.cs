using System.Text.Json;

namespace ColbertOnnx.Hub;

/// <summary>JSON of a repository, of which a few fields are read.</summary>
internal static class HubJson
{
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>: not JSON, or without the fields.</exception>
    public static T Read<T>(string file, byte[] json, Func<JsonElement, T> read)
    {
        ReadOnlyMemory<byte> text = json.AsSpan().StartsWith("\uFEFF"u8) ? json.AsMemory(3) : json;
        try
        {
            using var document = JsonDocument.Parse(text);
            return read(document.RootElement);
        }
        catch (Exception e) when (IsUnexpected(e))
        {
            throw new ColbertException(
                ColbertErrorId.ConfigurationInvalid, $"{file} does not hold what it should: {e.Message}", file,
                "Tell the repository's owner, or take another revision.", e);
        }
    }

    public static string Text(JsonElement value) => value.GetString() ?? throw new JsonException("null stands where text belongs.");

    /// <summary>What System.Text.Json throws where the text, a kind or a field is another.</summary>
    public static bool IsUnexpected(Exception e) =>
        e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException;
}
