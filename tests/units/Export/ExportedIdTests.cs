using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Export;

/// <summary>Ids that a checkpoint's settings and tokenizer.json name, beside the rows of its embedding matrix.</summary>
public sealed class ExportedIdTests : IDisposable
{
    private const string Settings = "config_sentence_transformers.json";

    private readonly TemporaryFolder folder = new(), target = new();

    // The matrix of bert-base has 1202 rows.
    [Theory]
    [InlineData("mask_token_id")]
    [InlineData("pad_token_id")]
    [InlineData("query_prefix_id")]
    [InlineData("document_prefix_id")]
    public void An_id_without_an_embedding_is_refused_by_field_value_and_file(string field)
    {
        folder.CopyAll(CheckpointFolder.Of("bert-base"));
        Change(Settings, json => json[field] = 1201);
        Export();
        foreach (int id in (int[])[1202, 999_999])
        {
            Change(Settings, json => json[field] = id);
            ColbertException error = Assert.Throws<ColbertException>(Export);
            Assert.Equal((ColbertErrorId.ConfigurationInvalid, folder.File(Settings)), (error.Id, error.Target));
            Assert.Contains(
                $"{field} of {Settings} is {id}, and the graph has word embeddings for 1202 ids", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rows_that_the_export_makes_count()
    {
        folder.CopyAll(CheckpointFolder.Of("bert-base"));
        Change("tokenizer.json", json =>
        {
            JsonNode added = json["added_tokens"]![0]!.DeepClone();
            (added["id"], added["content"]) = (1202, "<soft>");
            json["added_tokens"]!.AsArray().Add(added);
        });
        Change(Settings, json => json["mask_token_id"] = 1202);
        Export();
        Change(Settings, json => json["mask_token_id"] = 1203);
        Assert.Contains("for 1203 ids", Assert.Throws<ColbertException>(Export).Message, StringComparison.Ordinal);
    }

    // A tokenizer of this class is exported as it stands. The matrix has 911 rows.
    [Fact]
    public void A_post_processor_s_id_without_an_embedding_is_refused_by_file_and_value()
    {
        folder.CopyAll(CheckpointFolder.Of("modernbert-base"));
        foreach (int id in (int[])[911, 99_999])
        {
            Change("tokenizer.json", json => json["post_processor"]!["special_tokens"]!["[CLS]"]!["ids"] = new JsonArray(id));
            ColbertException error = Assert.Throws<ColbertException>(Export);
            Assert.Equal((ColbertErrorId.TokenizerInvalid, folder.File("tokenizer.json")), (error.Id, error.Target));
            Assert.Contains(
                $"the id {id} around texts, and the graph has word embeddings for 911 ids", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Settings_that_were_changed_after_the_export_are_refused_when_the_folder_is_opened()
    {
        folder.CopyAll(CheckpointFolder.Of("bert-base"));
        Export();
        string settings = target.File("out/onnx_config.json");
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(settings))!;
        json["mask_token_id"] = 1202;
        File.WriteAllText(settings, json.ToJsonString());
        foreach (bool quantized in (bool[])[false, true])
        {
            ColbertException error = Assert.Throws<ColbertException>(
                () => ColbertModel.Load(target.File("out"), new ColbertModelOptions { Quantized = quantized }));
            Assert.Equal((ColbertErrorId.ConfigurationInvalid, settings), (error.Id, error.Target));
            Assert.Contains("mask_token_id of onnx_config.json is 1202", error.Message, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        folder.Dispose();
        target.Dispose();
    }

    private void Export() => ColbertExporter.Export(
        folder.Path, target.File("out"),
        new ColbertExportOptions { Verify = false, Force = true, HalfPrecision = true, Quantize = true },
        cancellation: TestContext.Current.CancellationToken);

    private void Change(string file, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(folder.File(file)))!;
        change(json);
        folder.With(file, json.ToJsonString());
    }
}
