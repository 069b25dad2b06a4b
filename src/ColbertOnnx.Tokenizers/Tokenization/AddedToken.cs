using System.Text.Json;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// A token beside the model's vocabulary, found in the text before the model sees it. Read in src/tokenizer/added_vocabulary.rs.
/// </summary>
internal sealed record AddedToken(string Content)
{
    private static readonly string[] Fields = ["id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"];

    /// <summary>Only where no word character touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Takes whitespace on its left with it.</summary>
    public bool LStrip { get; init; }

    public bool RStrip { get; init; }

    /// <summary>Its normalized form is looked for in the normalized text.</summary>
    public bool Normalized { get; init; } = true;

    public bool Special { get; init; }

    /// <summary>
    /// Reads a token as nearly all are written, each field once, without a value for each; null for any other, which may be wrong:
    /// <see cref="Read"/> says how.
    /// </summary>
    public static AddedToken? TryRead(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return null;
        string? content = null;
        int seen = 0, flags = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int field = 0;
            while (field < Fields.Length && !reader.ValueTextEquals(Fields[field])) field++;
            if (field == Fields.Length || (seen >> field & 1) != 0 || !reader.Read()) return null;
            seen |= 1 << field;
            switch (field)
            {
                case 0 when reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int id) && id >= 0:
                    break;
                case 1 when reader.TokenType == JsonTokenType.String:
                    content = reader.GetString();
                    break;
                case > 1 when reader.TokenType is JsonTokenType.True or JsonTokenType.False:
                    if (reader.TokenType == JsonTokenType.True) flags |= 1 << field;
                    break;
                default:
                    return null;
            }
        }

        return seen != (1 << Fields.Length) - 1 ? null : new AddedToken(content!)
        {
            SingleWord = (flags & 4) != 0,
            LStrip = (flags & 8) != 0,
            RStrip = (flags & 16) != 0,
            Normalized = (flags & 32) != 0,
            Special = (flags & 64) != 0,
        };
    }

    public static AddedToken Read(TokenizerNode node)
    {
        // The id that the original gives it; the one that stands here only makes it warn.
        node.Int("id");
        var token = new AddedToken(node.String("content"))
        {
            SingleWord = node.Bool("single_word"),
            LStrip = node.Bool("lstrip"),
            RStrip = node.Bool("rstrip"),
            Normalized = node.Bool("normalized"),
            Special = node.Bool("special"),
        };
        node.Finish();
        return token;
    }
}
