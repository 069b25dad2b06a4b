using System.Text.Json;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>The pieces of model.vocab: an object of ids, or Unigram's list of pieces and scores.</summary>
internal sealed class VocabularyIndex
{
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> unscored = new(StringComparer.Ordinal);

    /// <summary>New tokens get ids from there on.</summary>
    public int Count { get; private set; }

    public bool TryGetId(string piece, out int id) => ids.TryGetValue(piece, out id);

    /// <summary>The id of a piece whose score is 0; null when there is no such piece.</summary>
    public int? FindUnscored(string piece) => unscored.Contains(piece) ? ids[piece] : null;

    /// <exception cref="JsonException">It is neither of the two.</exception>
    /// <exception cref="InvalidOperationException">The same, or a piece that is not valid Unicode.</exception>
    public static VocabularyIndex Read(ReadOnlySpan<byte> json)
    {
        var index = new VocabularyIndex();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject) index.ReadObject(ref reader);
        else if (reader.TokenType == JsonTokenType.StartArray) index.ReadArray(ref reader);
        else throw new JsonException("is neither an object nor an array");
        return index;
    }

    private void ReadObject(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string piece = reader.GetString()!;
            reader.Read();
            ids[piece] = reader.GetInt32();
        }

        Count = ids.Count;
    }

    private void ReadArray(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
            string piece = reader.GetString() ?? throw new JsonException("holds a piece that is null");
            reader.Read();
            ids[piece] = Count++;
            if (reader.GetDouble() == 0) unscored.Add(piece);
            reader.Read();
        }
    }
}
