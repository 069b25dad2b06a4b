using System.Text.Encodings.Web;
using System.Text.Json;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Export;

/// <summary>
/// Writes onnx_config.json, from which <see cref="SettingsReader"/> gets the same embeddings with the tokenizer.json beside it and no
/// other file. The first fields are those of the Rust encoder, as it reads them; the others are ours, and it passes them over
/// (docs/onnx_config.md). What only sentence-transformers 6 has is written where it says something else than PyLate.
/// </summary>
internal static class SettingsWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The same bytes for the same settings, on every machine.</summary>
    public static byte[] Write(ResolvedSettings resolved, GraphFacts graph)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            WriteShared(json, resolved, graph);
            WriteOwn(json, resolved, graph);
            WriteMultiVector(json, resolved.Settings);
            json.WriteEndObject();
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    private static void WriteShared(Utf8JsonWriter json, ResolvedSettings resolved, GraphFacts graph)
    {
        ColbertSettings settings = resolved.Settings;
        json.WriteText("model_type", "ColBERT");
        json.WriteText("model_name", graph.ModelName);
        json.WriteText("model_class", graph.ModelClass);
        json.WriteBoolean("uses_token_type_ids", graph.UsesTokenTypeIds);
        json.WriteText("query_prefix", settings.QueryPrefix.Value);
        json.WriteText("document_prefix", settings.DocumentPrefix.Value);
        json.WriteNumber("query_length", settings.QueryLength.Value);
        json.WriteNumber("document_length", settings.DocumentLength.Value);
        json.WriteBoolean("do_query_expansion", settings.QueryExpansion.Value != QueryExpansion.Off);
        json.WriteBoolean("attend_to_expansion_tokens", settings.QueryExpansion.Value == QueryExpansion.Attend);
        List(json, "skiplist_words", settings.Skiplist.Value, JsonStrings.WriteText);
        json.WriteNumber("embedding_dim", graph.Dimension);
        Id(json, "mask_token_id", resolved.ExpansionTokenId);
        json.WriteNumber("pad_token_id", resolved.PadTokenId);
        Id(json, "query_prefix_id", resolved.QueryPrefixId);
        Id(json, "document_prefix_id", resolved.DocumentPrefixId);
        json.WriteBoolean("do_lower_case", settings.LowerCase.Value);
    }

    private static void WriteOwn(Utf8JsonWriter json, ResolvedSettings resolved, GraphFacts graph)
    {
        ColbertSettings settings = resolved.Settings;
        Id(json, "unk_token_id", resolved.UnknownTokenId);
        if (settings.Prompt.Value is { } text) json.WriteText("prompt", text);
        json.WriteStartObject("prompts");
        foreach ((string name, string prompt) in settings.Prompts.Value.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            json.WriteText(name, prompt);
        json.WriteEndObject();
        if (settings.DefaultPromptName.Value is { } common) json.WriteText("default_prompt_name", common);
        json.WriteText("truncation_side", Side(resolved.TruncationSide));
        json.WriteText("padding_side", Side(resolved.PaddingSide));
        if (graph.Positions is { } positions) json.WriteNumber("positions", positions);
    }

    private static void WriteMultiVector(Utf8JsonWriter json, ColbertSettings settings)
    {
        if (settings.QueryPromptName.Value is { } query) json.WriteText("query_prompt_name", query);
        if (settings.DocumentPromptName.Value is { } document) json.WriteText("document_prompt_name", document);
        if (!settings.StripText.Value) json.WriteBoolean("strip_text", false);
        if (settings.ExpansionLength.Value is { } length) json.WriteNumber("query_expansion_length", length);
        Tasks(json, "skiplist_tasks", settings.SkiplistTasks.Value);
        if (settings.DropUnknownSkiplistWords.Value) json.WriteBoolean("drop_unknown_skiplist_words", true);
        if (settings.KeepOnlyTokenIds.Value is { Count: > 0 } ids)
            List(json, "keep_only_token_ids", ids, (list, id) => list.WriteNumberValue(id));
        if (!settings.NormalizeEmbeddings.Value) json.WriteBoolean("normalize_embeddings", false);
        if (settings.PoolFactor.Value > 1) json.WriteNumber("pool_factor", settings.PoolFactor.Value);
        if (settings.ProtectedTokens.Value != 1) json.WriteNumber("num_protected_tokens", settings.ProtectedTokens.Value);
        Tasks(json, "pool_tasks", settings.PoolTasks.Value);
        if (settings.NormalizePooledEmbeddings.Value) json.WriteBoolean("normalize_pooled_embeddings", true);
    }

    private static void Tasks(Utf8JsonWriter json, string name, IReadOnlyList<TextKind> kinds)
    {
        if (kinds is not [TextKind.Document])
            List(json, name, kinds, (list, kind) => list.WriteStringValue(TextKinds.NameOf(kind)));
    }

    // On one line: a list of words is long, and is not read word by word.
    private static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        using var bytes = new MemoryStream();
        using (var list = new Utf8JsonWriter(bytes, JsonArrays.Options))
        {
            list.WriteStartArray();
            foreach (T value in values) write(list, value);
            list.WriteEndArray();
        }

        json.WritePropertyName(name);
        json.WriteRawValue(bytes.ToArray());
    }

    private static void Id(Utf8JsonWriter json, string name, int? id)
    {
        if (id is { } number) json.WriteNumber(name, number);
    }

    private static string Side(TokenSide side) => side == TokenSide.Left ? "left" : "right";
}
