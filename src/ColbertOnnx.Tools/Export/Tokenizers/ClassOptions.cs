using ColbertOnnx.Modeling;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>What a class is built with: the options of tokenizer_config.json, the names of its special tokens and everyone's id.</summary>
internal sealed class ClassOptions(SettingsFile? config, NamedSpecialTokens named, AddedTokenTable added)
{
    public bool Flag(string name, bool missing) => config?.Boolean(name) ?? missing;

    public bool? FlagOrNull(string name) => config?.Boolean(name);

    public int Number(string name, int missing) => config?.Integer(name, 0) ?? missing;

    /// <summary>The special token of that role; the class has a default for each that it asks for.</summary>
    public string Token(string role) => named.Find(role)!.Content;

    /// <summary>Every special token has an id by now, but for one that is empty.</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.ConfigurationInvalid"/>.</exception>
    public int IdOf(string token) => added.Contains(token)
        ? added.IdOf(token)
        : throw new ColbertException(
            ColbertErrorId.ConfigurationInvalid,
            $"The special token '{token}', which this class of tokenizers puts around texts, is not a token of the vocabulary.",
            "tokenizer_config.json",
            "Correct the special tokens in tokenizer_config.json, or download the checkpoint again.");

    /// <summary>Where a piece stands whose score is 0, as special pieces have it; null when there is none.</summary>
    public int? UnscoredPiece(string token) => added.Vocabulary.FindUnscored(token);
}
