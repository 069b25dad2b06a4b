using System.Globalization;
using System.Text.Json;
using ColbertOnnx.Modeling;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>
/// What the files beside tokenizer.json say about added tokens: added_tokens_decoder of tokenizer_config.json alone where it is there, else
/// added_tokens.json, over which tokenizer.json wins.
/// </summary>
internal sealed class AddedTokenFiles(string folder, SettingsFile? config)
{
    private const string Decoder = "added_tokens_decoder";

    /// <summary>True where tokenizer_config.json lists the added tokens itself; the older files are not read then.</summary>
    public static bool IsListed(SettingsFile? config) => config is not null && config.TryGet(Decoder, out _);

    /// <summary>
    /// The tokens to add, by the ids that the files give. The ids themselves count for nothing else: new tokens continue the vocabulary.
    /// </summary>
    public IEnumerable<AddedToken> Read(IReadOnlyList<(int Id, AddedToken Token)> inFile, NamedSpecialTokens named)
    {
        var byId = new SortedDictionary<int, AddedToken>();
        if (IsListed(config))
        {
            config!.TryGet(Decoder, out JsonElement decoder);
            if (decoder.ValueKind != JsonValueKind.Object) throw config.Invalid(Decoder, "must be an object of tokens by id");
            foreach (JsonProperty entry in decoder.EnumerateObject())
            {
                if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                    throw config.Invalid(Decoder, $"has the id '{entry.Name}', which is not a whole number");
                byId[id] = AddedTokenJson.Read(config, Decoder, entry.Value, isSpecial: false);
            }

            return byId.Values;
        }

        if (SettingsFile.Read(folder, "added_tokens.json") is { } older)
        {
            foreach (string content in older.Fields)
            {
                bool special = named.Names(content);
                byId[older.Integer(content, 0)!.Value] = new AddedToken(content) { Special = special, Normalized = !special };
            }
        }

        foreach ((int id, AddedToken token) in inFile) byId[id] = token;
        return byId.Values;
    }
}
