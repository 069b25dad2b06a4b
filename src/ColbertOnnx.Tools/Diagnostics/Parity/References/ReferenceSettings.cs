using System.Globalization;
using System.Text.Json;

namespace ColbertOnnx.Diagnostics.Parity.References;

/// <summary>The settings that a reference says it was made with, beside those of a model.</summary>
internal static class ReferenceSettings
{
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    private const string PoolFactor = "pool_factor", ProtectedTokens = "num_protected_tokens", PoolTasks = "pool_tasks";

    /// <summary>What decides about token vectors, by the names of onnx_config.json and in one spelling.</summary>
    public static SortedDictionary<string, string> Of(ColbertSettings settings) => new(StringComparer.Ordinal)
    {
        ["query_prefix"] = settings.QueryPrefix.Value,
        ["document_prefix"] = settings.DocumentPrefix.Value,
        ["query_length"] = Number(settings.QueryLength.Value),
        ["document_length"] = Number(settings.DocumentLength.Value),
        ["do_query_expansion"] = Truth(settings.QueryExpansion.Value != QueryExpansion.Off),
        ["attend_to_expansion_tokens"] = Truth(settings.QueryExpansion.Value == QueryExpansion.Attend),
        ["skiplist_words"] = string.Join(' ', settings.Skiplist.Value),
        ["do_lower_case"] = Truth(settings.LowerCase.Value),
        [PoolFactor] = Number(settings.PoolFactor.Value),
        [ProtectedTokens] = Number(settings.ProtectedTokens.Value),
        [PoolTasks] = string.Join(' ', Tasks(settings)),
        ["query_prompt"] = settings.QueryPrompt.Value,
        ["document_prompt"] = settings.DocumentPrompt.Value,
    };

    /// <summary>Where a reference's settings are not the model's, a sentence each.</summary>
    public static IEnumerable<string> Differences(IReadOnlyDictionary<string, string> reference, ColbertSettings settings)
    {
        foreach ((string name, string here) in Of(settings))
        {
            // Without expansion nobody asks whether its tokens are attended to.
            if (name == "attend_to_expansion_tokens" && settings.QueryExpansion.Value == QueryExpansion.Off) continue;
            // Nor, without pooling, how many token vectors it would protect, and of which texts.
            if (name is ProtectedTokens or PoolTasks && settings.PoolFactor.Value <= 1) continue;
            if (reference.TryGetValue(name, out string? there) && there != here)
                yield return $"{name} is '{there}' in the reference and '{here}' here.";
        }
    }

    /// <summary>The pooling that a reference says it was made with; null: it says none.</summary>
    public static (double Factor, int Protected)? PoolingOf(IReadOnlyDictionary<string, string> reference)
    {
        if (Read(PoolFactor) is not { } factor || !(factor > 1 && double.IsFinite(factor))) return null;
        return (factor, (int)Math.Clamp(Read(ProtectedTokens) ?? 1, 0, int.MaxValue));

        double? Read(string name) =>
            double.TryParse(reference.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : null;
    }

    /// <summary>Into an open object, with the types that onnx_config.json has.</summary>
    public static void Write(Utf8JsonWriter json, ColbertSettings settings)
    {
        json.WriteText("query_prefix", settings.QueryPrefix.Value);
        json.WriteText("document_prefix", settings.DocumentPrefix.Value);
        json.WriteNumber("query_length", settings.QueryLength.Value);
        json.WriteNumber("document_length", settings.DocumentLength.Value);
        json.WriteBoolean("do_query_expansion", settings.QueryExpansion.Value != QueryExpansion.Off);
        json.WriteBoolean("attend_to_expansion_tokens", settings.QueryExpansion.Value == QueryExpansion.Attend);
        json.WriteStartArray("skiplist_words");
        foreach (string word in settings.Skiplist.Value) json.WriteText(word);
        json.WriteEndArray();
        json.WriteBoolean("do_lower_case", settings.LowerCase.Value);
        json.WriteNumber(PoolFactor, settings.PoolFactor.Value);
        json.WriteNumber(ProtectedTokens, settings.ProtectedTokens.Value);
        if (settings.PoolFactor.Value > 1)
        {
            json.WriteStartArray(PoolTasks);
            foreach (string task in Tasks(settings)) json.WriteStringValue(task);
            json.WriteEndArray();
        }

        json.WriteText("query_prompt", settings.QueryPrompt.Value);
        json.WriteText("document_prompt", settings.DocumentPrompt.Value);
    }

    /// <summary>The cursor stands on the name "settings", and then on the end of its object.</summary>
    public static void Read(JsonCursor cursor, Dictionary<string, string> settings)
    {
        cursor.Expect(JsonTokenType.StartObject, "settings (an object)");
        while (cursor.Read() && cursor.Token != JsonTokenType.EndObject)
        {
            string name = cursor.GetString();
            if (!cursor.Read()) return;
            switch (cursor.Token)
            {
                case JsonTokenType.String:
                    settings[name] = cursor.GetString();
                    break;
                case JsonTokenType.Number:
                    settings[name] = cursor.GetText();
                    break;
                case JsonTokenType.True or JsonTokenType.False:
                    settings[name] = Truth(cursor.Token == JsonTokenType.True);
                    break;
                case JsonTokenType.StartArray when name is "skiplist_words" or PoolTasks:
                    List<string> words = [];
                    while (cursor.Read() && cursor.Token == JsonTokenType.String) words.Add(cursor.GetString());
                    if (cursor.Token != JsonTokenType.EndArray)
                        throw cursor.Wrong(name == PoolTasks ? "a kind of text (a string)" : "a word of the skiplist (a string)");
                    if (name == PoolTasks) words.Sort(StringComparer.Ordinal);
                    settings[name] = string.Join(' ', words);
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }
    }

    private static IEnumerable<string> Tasks(ColbertSettings settings) =>
        settings.PoolTasks.Value.Select(TextKinds.NameOf).Order(StringComparer.Ordinal);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Truth(bool value) => value ? "true" : "false";
}
