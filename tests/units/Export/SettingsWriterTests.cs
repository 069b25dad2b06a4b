using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using ColbertOnnx.Export;
using ColbertOnnx.Modeling;
using ColbertOnnx.Tests.Pipeline;

namespace ColbertOnnx.Tests.Export;

public sealed class SettingsWriterTests
{
    private static readonly GraphFacts Graph = new("model", "BertModel", 16, UsesTokenTypeIds: true);

    private static ResolvedSettings ProfileOf(string name)
    {
        string folder = CheckpointFolder.Of(name);
        return CheckpointSettings.Read(folder).Resolve(ResolvedCheckpoint.EffectiveTokenizerOf(folder));
    }

    [Fact]
    public void The_fields_of_the_Rust_encoder_are_what_its_own_exporter_writes()
    {
        foreach (string name in ReferenceCase.OnnxNames)
        {
            using JsonDocument theirs = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("onnx", name, "onnx_config.json")));
            using JsonDocument ours =
                JsonDocument.Parse(SettingsWriter.Write(ProfileOf(name), Graph with { ModelName = "random/" + name }));
            foreach (JsonProperty field in theirs.RootElement.EnumerateObject())
            {
                if (field.Name is "model_class" or "uses_token_type_ids") continue;
                Assert.True(ours.RootElement.TryGetProperty(field.Name, out JsonElement value), $"{name}: {field.Name}");
                Assert.True(JsonElement.DeepEquals(field.Value, value), $"{name}: {field.Name} {field.Value} {value}");
            }
        }
    }

    [Fact]
    public void Every_setting_of_every_checkpoint_survives_the_way_through_onnx_config()
    {
        int count = 0;
        foreach (string name in ReferenceCase.AllNames.Where(name => name is not ("bert-nomask-nopad" or "lfm2-skip-unknown")))
        {
            ResolvedSettings before = ProfileOf(name);
            ResolvedSettings after = ResolvedCheckpoint.Exported(CheckpointFolder.Of(name), before);
            foreach (PropertyInfo property in typeof(ColbertSettings).GetProperties())
            {
                // Words of the checkpoint, which are ids or facts about the graph by then.
                if (property.Name.EndsWith("Id", StringComparison.Ordinal)
                    || property.Name is "Dimension" or "UsesTokenTypeIds" or "TruncationSide" or "PaddingSide")
                    continue;
                Assert.Equal(ValueOf(property, before.Settings), ValueOf(property, after.Settings));
                count++;
            }

            Assert.Equal(
                (
                    before.QueryPrefixId, before.DocumentPrefixId, before.ExpansionTokenId, before.PadTokenId, before.UnknownTokenId,
                    before.TruncationSide, before.PaddingSide),
                (
                    after.QueryPrefixId, after.DocumentPrefixId, after.ExpansionTokenId, after.PadTokenId, after.UnknownTokenId,
                    after.TruncationSide, after.PaddingSide));
            Assert.Equal((before.QueryPrompt, before.DocumentPrompt), (after.QueryPrompt, after.DocumentPrompt));
            Assert.Equal(before.SkippedIds.Order(), after.SkippedIds.Order());
        }

        Assert.True(count > 123 * 20);
    }

    [Fact]
    public void The_documentation_names_every_field_and_no_other()
    {
        ColbertSettings most = ProfileOf("bert-prompts").Settings with
        {
            Prompt = new("text: ", "argument"),
            QueryPromptName = new("query", "argument"),
            DocumentPromptName = new("document", "argument"),
            StripText = new(false, "argument"),
            ExpansionLength = new(4, "argument"),
            SkiplistTasks = new([TextKind.Query], "argument"),
            DropUnknownSkiplistWords = new(true, "argument"),
            KeepOnlyTokenIds = new([1], "argument"),
            NormalizeEmbeddings = new(false, "argument"),
            PoolFactor = new(2, "argument"),
            ProtectedTokens = new(0, "argument"),
            PoolTasks = new([], "argument"),
            NormalizePooledEmbeddings = new(true, "argument"),
        };
        using JsonDocument written =
            JsonDocument.Parse(SettingsWriter.Write(ProfileOf("bert-prompts") with { Settings = most }, Graph with { Positions = 512 }));
        IEnumerable<string> documented = File.ReadLines(Path.Combine(TestData.Repository, "docs", "onnx_config.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(line => line.Split('|')[1].Split(',').Select(field => field.Trim(' ', '`')));
        Assert.Equal(
            written.RootElement.EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal),
            documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_bytes_are_the_same_in_every_culture_and_text_stays_readable()
    {
        ResolvedSettings resolved = ProfileOf("st6-bert-pooled-15");
        resolved = resolved with
        {
            Settings = resolved.Settings with
            {
                Skiplist = new(["é", "👍", "\ue000", "\"\\\n"], "argument"),
                Prompts = new(new Dictionary<string, string> { ["ü"] = "質問: ", ["query"] = "", ["document"] = "" }, "argument"),
            },
        };
        CultureInfo before = CultureInfo.CurrentCulture;
        byte[] bytes = SettingsWriter.Write(resolved, Graph);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(bytes, SettingsWriter.Write(resolved, Graph));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        string text = Encoding.UTF8.GetString(bytes);
        Assert.Contains("\"👍\"", text, StringComparison.Ordinal);
        Assert.Contains("\"\ue000\"", text, StringComparison.Ordinal);
        Assert.Contains("\"\\\"\\\\\\n\"", text, StringComparison.Ordinal);
        Assert.Contains("\n    \"ü\": \"質問: \"", text, StringComparison.Ordinal);
        Assert.Contains("\n  \"pool_factor\": 1.5,\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("}\n", text, StringComparison.Ordinal);
    }

    private static object? ValueOf(PropertyInfo property, ColbertSettings settings)
    {
        object setting = property.GetValue(settings)!;
        return setting.GetType().GetProperty("Value")!.GetValue(setting) switch
        {
            IReadOnlyDictionary<string, string> map => string.Join('\n', map.OrderBy(entry => entry.Key, StringComparer.Ordinal)),
            string text => text,
            IEnumerable list => string.Join('\n', list.Cast<object>()),
            var value => value,
        };
    }
}
