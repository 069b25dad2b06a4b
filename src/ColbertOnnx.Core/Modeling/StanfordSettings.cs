namespace ColbertOnnx.Modeling;

/// <summary>The settings of a checkpoint of the original ColBERT: artifact.metadata, which PyLate reads in part.</summary>
internal static class StanfordSettings
{
    public const string FileName = "artifact.metadata";

    // What PyLate reads there; it skips punctuation whatever mask_punctuation says.
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["query_prefix"] = "query_token_id",
        ["document_prefix"] = "doc_token_id",
        ["query_length"] = "query_maxlen",
        ["document_length"] = "doc_maxlen",
        ["attend_to_expansion_tokens"] = "attend_to_mask_tokens",
    };

    /// <summary>True where config.json says that a folder without modules.json has this layout.</summary>
    public static bool Fits(SettingsFile config) => config.Texts("architectures") is ["HF_ColBERT", ..];

    public static ColbertSettings Read(string folder, ColbertModelOptions options) =>
        new SettingsReader(
            [SettingsFile.Read(folder, FileName)?.Renamed(Names)], transformer: null, SettingsReader.ReadTokenizer(folder), "[unused0]",
            "[unused1]").Read(options);
}
