using System.Text.Json.Nodes;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Tests.Modeling;

/// <summary>Ids that the settings and tokenizer.json of an exported folder name, beside the rows of its graph.</summary>
public sealed class NamedIdsTests : IDisposable
{
    // Of the word embeddings of tests/data/onnx/bert-base.
    private const int Rows = 1202;

    private readonly TemporaryFolder folder = new();

    public NamedIdsTests() => folder.Copy(TestData.Path("onnx", "bert-base"));

    [Theory]
    [InlineData("mask_token_id", false)]
    [InlineData("mask_token_id", true)]
    [InlineData("pad_token_id", false)]
    [InlineData("query_prefix_id", false)]
    [InlineData("document_prefix_id", true)]
    public void An_id_that_the_graph_has_no_row_for_is_refused_by_field_value_and_file(string field, bool quantized)
    {
        foreach (int id in (int[])[Rows, 999_999])
        {
            Change("onnx_config.json", json => json[field] = id);
            ColbertException error = Assert.Throws<ColbertException>(() => Resolve(quantized));
            Assert.Equal((ColbertErrorId.ConfigurationInvalid, folder.File("onnx_config.json")), (error.Id, error.Target));
            Assert.Contains(
                $"{field} of onnx_config.json is {id}, and the graph has word embeddings for {Rows} ids", error.Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_post_processor_s_id_that_the_graph_has_no_row_for_is_refused_by_file_and_value()
    {
        Change("tokenizer.json", json => json["post_processor"]!["special_tokens"]!["[CLS]"]!["ids"] = new JsonArray(99_999));
        ColbertException error = Assert.Throws<ColbertException>(() => Resolve());
        Assert.Equal((ColbertErrorId.TokenizerInvalid, folder.File("tokenizer.json")), (error.Id, error.Target));
        Assert.Contains(
            $"the id 99999 around texts, and the graph has word embeddings for {Rows} ids", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, Assert.Throws<ColbertException>(() => ColbertModel.Load(folder.Path)).Message);
    }

    [Fact]
    public void An_id_that_the_graph_has_a_row_for_need_not_be_a_token()
    {
        Change("tokenizer.json", json =>
        {
            JsonArray tokens = json["added_tokens"]!.AsArray();
            foreach (JsonNode? token in tokens.Where(token => (int)token!["id"]! >= 1200).ToArray()) tokens.Remove(token);
        });
        ResolvedSettings resolved = Resolve();
        Assert.Equal(1200, resolved.QueryPrefixId);
        Assert.Equal(1201, resolved.DocumentPrefixId);
        Assert.Null(resolved.Tokenizer.IdToToken(1201));
    }

    [Fact]
    public void An_id_of_a_mask_that_no_sequence_gets_need_not_have_a_row()
    {
        Change("onnx_config.json", json =>
        {
            json["mask_token_id"] = 999_999;
            json["pad_token_id"] = 0;
            json["do_query_expansion"] = false;
        });
        Assert.Equal(0, Resolve().PadTokenId);
    }

    [Fact]
    public void A_graph_that_cannot_be_read_is_left_to_who_opens_it()
    {
        Change("onnx_config.json", json => json["mask_token_id"] = 999_999);
        folder.With("model.onnx");
        Assert.Equal(999_999, Resolve().ExpansionTokenId);
        Assert.Equal(ColbertErrorId.ModelInvalid, Assert.Throws<ColbertException>(() => ColbertModel.Load(folder.Path)).Id);
    }

    public void Dispose() => folder.Dispose();

    private ResolvedSettings Resolve(bool quantized = false) =>
        ModelFolder.Open(folder.Path, new ColbertModelOptions { Quantized = quantized }).Resolve();

    private void Change(string file, Action<JsonNode> change)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(folder.File(file)))!;
        change(json);
        folder.With(file, json.ToJsonString());
    }
}
