using System.Text.Json.Nodes;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>The added tokens with the ids that the tokenizers library gives them when it adds them in this order.</summary>
internal sealed class AddedTokenTable(VocabularyIndex vocabulary)
{
    private readonly SortedDictionary<int, AddedToken> byId = [];
    private readonly Dictionary<string, int> ids = new(StringComparer.Ordinal);
    private int next = vocabulary.Count;

    public VocabularyIndex Vocabulary => vocabulary;

    public bool Contains(string content) => ids.ContainsKey(content);

    /// <summary>
    /// A piece of the vocabulary keeps its id, a token that comes again its id and takes the new flags; a new one gets the number of those
    /// before it, pieces and new ones.
    /// </summary>
    public void Add(AddedToken token)
    {
        if (token.Content.Length == 0) return;
        if (!TryGetId(token.Content, out int id)) id = next++;
        ids[token.Content] = id;
        byId[id] = token;
    }

    /// <summary>The id of an added token.</summary>
    public int IdOf(string content) => ids[content];

    public JsonArray ToJson() => new([.. byId.Select(entry => AddedTokenJson.Write(entry.Key, entry.Value))]);

    private bool TryGetId(string content, out int id) => ids.TryGetValue(content, out id) || vocabulary.TryGetId(content, out id);
}
