using System.Text.Json;
using ColbertOnnx.Modeling;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Export.Tokenizers;

/// <summary>
/// The special tokens that tokenizer_config.json names, by role, and those without a role. special_tokens_map.json wins over it where
/// it has no added_tokens_decoder; the class has defaults for what no file names.
/// </summary>
internal sealed class NamedSpecialTokens
{
    // In this order new ones get their ids.
    private static readonly string[] Roles = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];
    private static readonly string[] Lists = ["extra_special_tokens", "additional_special_tokens"];

    private readonly Dictionary<string, AddedToken> byRole = new(StringComparer.Ordinal);
    private readonly List<AddedToken> others = [];

    public NamedSpecialTokens(string folder, SettingsFile? config, TokenizerClass? own)
    {
        SettingsFile? map = AddedTokenFiles.IsListed(config) ? null : SettingsFile.Read(folder, "special_tokens_map.json");
        foreach (SettingsFile file in new[] { config, map }.OfType<SettingsFile>())
        {
            foreach (string role in Roles)
            {
                if (!file.TryGet(role, out JsonElement value)) continue;
                AddedToken token = AddedTokenJson.Read(file, role, value, isSpecial: true);
                byRole[role] = own is { MaskStripsLeft: true } && role == "mask_token" && value.ValueKind == JsonValueKind.String
                    ? token with { LStrip = true }
                    : token;
            }

            foreach (string list in Lists)
                if (file.TryGet(list, out JsonElement value)) ReadList(file, list, value);
        }

        if (own is null) return;
        foreach ((string role, string content) in own.Defaults)
            byRole.TryAdd(
                role, new AddedToken(content) { Special = true, Normalized = false, LStrip = own.MaskStripsLeft && role == "mask_token" });
    }

    /// <summary>All of them, in the order in which they are added.</summary>
    public IEnumerable<AddedToken> All => Roles.Select(Find).OfType<AddedToken>().Concat(others);

    /// <summary>The token of a role, or null.</summary>
    public AddedToken? Find(string role) => byRole.GetValueOrDefault(role);

    /// <summary>Whether a text is one of them.</summary>
    public bool Names(string content) => All.Any(token => token.Content == content);

    private void ReadList(SettingsFile file, string field, JsonElement value)
    {
        IEnumerable<JsonElement> items = value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray(),
            JsonValueKind.Object => value.EnumerateObject().Select(entry => entry.Value),
            _ => throw file.Invalid(field, "must be a list of tokens"),
        };
        foreach (JsonElement item in items) others.Add(AddedTokenJson.Read(file, field, item, isSpecial: true));
    }
}
