using ColbertOnnx.Modeling;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>
/// The tokenizer that PyLate 1.6 with transformers 5.3 uses for a checkpoint, as one tokenizer.json that holds as it is.
/// Read in transformers' tokenization_auto.py, tokenization_utils_base.py and tokenization_utils_tokenizers.py.
/// </summary>
internal static class EffectiveTokenizer
{
    /// <summary>
    /// Writes the text of the tokenizer.json. The same checkpoint gives the same bytes; its truncation and padding blocks are left out,
    /// since of them only the truncation and padding sides count, and the settings carry those.
    /// </summary>
    /// <param name="folder">The checkpoint: tokenizer.json (or vocab.txt), tokenizer_config.json, special_tokens_map.json,
    /// added_tokens.json, config.json.</param>
    /// <param name="modelType">model_type of config.json.</param>
    /// <param name="prefixes">What PyLate puts in front of queries and documents: they become added tokens, and empty ones nothing.</param>
    /// <param name="output">Left open.</param>
    /// <param name="lowercase">sentence-transformers 6 lowers texts by a Lowercase normalizer in front of the tokenizer's own, unless it
    /// has one there.</param>
    /// <exception cref="ColbertException">
    /// <see cref="ColbertErrorId.ModelIncomplete"/> (no tokenizer), <see cref="ColbertErrorId.TokenizerInvalid"/>,
    /// <see cref="ColbertErrorId.TokenizerUnsupported"/> (a class that is not known), <see cref="ColbertErrorId.ConfigurationInvalid"/>.
    /// </exception>
    public static void Write(string folder, string modelType, IReadOnlyList<string> prefixes, Stream output, bool lowercase = false)
    {
        SettingsFile? config = SettingsFile.Read(folder, "tokenizer_config.json");
        if (config?.Boolean("split_special_tokens") == true) throw SplitsSpecialTokens(folder);
        TokenizerClass? own = TokenizerClasses.Find(folder, modelType, config);
        TokenizerSource source = TokenizerSource.Open(folder, own);
        var named = new NamedSpecialTokens(folder, config, own);
        AddedTokenTable added = Add(source, own, new AddedTokenFiles(folder, config), named, prefixes);
        own?.Rebuild(source, new ClassOptions(config, named, added));
        if (lowercase) source.LowerFirst();
        source.Set("truncation", null);
        source.Set("padding", null);
        source.Set("added_tokens", added.ToJson());
        source.WriteTo(output);
    }

    // A class of its own begins with the bare vocabulary, so that a token of the file that added_tokens_decoder leaves out is lost.
    private static AddedTokenTable Add(
        TokenizerSource source, TokenizerClass? own, AddedTokenFiles files, NamedSpecialTokens named, IReadOnlyList<string> prefixes)
    {
        var added = new AddedTokenTable(source.ReadVocabulary());
        IReadOnlyList<(int Id, AddedToken Token)> inFile = source.ReadAddedTokens();
        if (own is null)
        {
            foreach ((_, AddedToken token) in inFile) added.Add(token);
        }

        foreach (AddedToken token in files.Read(inFile, named)) added.Add(token);
        // A text with two roles takes the flags of the later one.
        foreach (AddedToken token in named.All.Where(token => !added.Contains(token.Content)).ToList()) added.Add(token);
        foreach (string prefix in prefixes) added.Add(new AddedToken(prefix));
        return added;
    }

    private static ColbertException SplitsSpecialTokens(string folder) => new(
        ColbertErrorId.TokenizerUnsupported,
        "tokenizer_config.json sets split_special_tokens, which a tokenizer.json cannot say.",
        Path.Combine(folder, "tokenizer_config.json"),
        "Take split_special_tokens out if the model was trained without it.");
}
