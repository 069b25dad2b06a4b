using System.Text.Json.Nodes;
using ColbertOnnx.Onnx.Proto;
using Google.Protobuf;

namespace ColbertOnnx.Tests.Export;

/// <summary>
/// Lengths of queries and documents beside the positions of a model: at the export, and when the exported folder is opened.
/// </summary>
public sealed class LengthTests : IDisposable
{
    private static readonly ColbertExportOptions Unchecked = new() { Verify = false };

    private readonly TemporaryFolder folder = new(), target = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // RoBERTa's first positions are of no token: padding's number and those in front of it.
    [Theory]
    [InlineData("albert-base", 256)]
    [InlineData("bert-base", 256)]
    [InlineData("distilbert-base", 256)]
    [InlineData("electra-base", 256)]
    [InlineData("mpnet-base", 258)]
    [InlineData("roberta-base", 258)]
    public void A_length_beyond_the_table_of_positions_is_refused_by_field_value_and_positions(string checkpoint, int positions)
    {
        folder.CopyAll(CheckpointFolder.Of(checkpoint));
        Set("config_sentence_transformers.json", "document_length", positions);
        Assert.Equal(positions, (int)Export()["positions"]!);
        string longest = string.Join(' ', Enumerable.Repeat("word", 2 * positions));
        using (ColbertModel model = ColbertModel.Load(target.File("out")))
            Assert.True(model.EncodeDocuments([longest], cancellation: Token)[0].IsTruncated);

        foreach (string field in (string[])["query_length", "document_length"])
        {
            Set("config_sentence_transformers.json", field, positions + 1);
            ColbertException error = Assert.Throws<ColbertException>(Export);
            Assert.Equal((ColbertErrorId.ConfigurationInvalid, folder.File("config_sentence_transformers.json")), (error.Id, error.Target));
            Assert.All(
                (string[])[field, $"{positions + 1}", $"{positions} positions"],
                part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
            Set("config_sentence_transformers.json", field, 32);
        }
    }

    [Theory]
    [InlineData("deberta-v3-base", false)]
    [InlineData("eurobert-base", true)]
    [InlineData("lfm2-base", true)]
    [InlineData("modernbert-base", true)]
    [InlineData("qwen3-base", true)]
    public void Where_positions_are_computed_a_longer_length_is_none_too_long(string checkpoint, bool hasTable)
    {
        folder.CopyAll(CheckpointFolder.Of(checkpoint));
        Set("config_sentence_transformers.json", "document_length", 700);
        JsonNode settings = Export();
        Assert.Equal(hasTable ? 700 : null, (int?)settings["positions"]);
        using ColbertModel model = ColbertModel.Load(target.File("out"));
        Assert.True(model.EncodeDocuments([string.Join(' ', Enumerable.Repeat("word", 900))], cancellation: Token)[0].IsTruncated);
    }

    [Fact]
    public void An_exported_folder_says_its_positions_to_who_opens_it_with_other_lengths()
    {
        folder.CopyAll(CheckpointFolder.Of("bert-base"));
        Export();
        using (ColbertModel model = ColbertModel.Load(
            target.File("out"), new ColbertModelOptions { QueryLength = 256, DocumentLength = 256 }))
            Assert.Equal(256, model.QueryLength);
        foreach (ColbertModelOptions options in (ColbertModelOptions[])[new() { QueryLength = 257 }, new() { DocumentLength = 257 }])
        {
            ColbertException error = Assert.Throws<ColbertException>(() => ColbertModel.Load(target.File("out"), options));
            Assert.Equal(
                (ColbertErrorId.InputInvalid, options.QueryLength is null ? "DocumentLength" : "QueryLength"), (error.Id, error.Target));
            Assert.Contains("is 257, but the model has 256 positions", error.Message, StringComparison.Ordinal);
        }

        JsonNode settings = JsonNode.Parse(File.ReadAllText(target.File("out/onnx_config.json")))!;
        settings["query_length"] = 300;
        target.With("out/onnx_config.json", settings.ToJsonString());
        ColbertException invalid = Assert.Throws<ColbertException>(() => ColbertModel.Load(target.File("out")));
        Assert.Equal((ColbertErrorId.ConfigurationInvalid, target.File("out/onnx_config.json")), (invalid.Id, invalid.Target));
    }

    [Theory]
    [InlineData(QueryExpansion.On)]
    [InlineData(QueryExpansion.Off)]
    public void Where_nobody_knows_the_positions_an_expanded_query_has_a_longest_length(QueryExpansion expansion)
    {
        target.Copy(TestData.Path("onnx", "bert-base"));
        JsonObject settings = JsonNode.Parse(File.ReadAllText(target.File("onnx_config.json")))!.AsObject();
        settings.Remove("positions");
        target.With("onnx_config.json", settings.ToJsonString());
        var options = new ColbertModelOptions { QueryLength = 1_000_000_000, QueryExpansion = expansion };
        if (expansion == QueryExpansion.Off)
        {
            using ColbertModel model = ColbertModel.Load(target.Path, options);
            Assert.Equal(options.QueryLength, model.QueryLength);
            return;
        }

        ColbertException error = Assert.Throws<ColbertException>(() => ColbertModel.Load(target.Path, options));
        Assert.Equal((ColbertErrorId.InputInvalid, "QueryLength"), (error.Id, error.Target));
        Assert.Contains("(the limit MostPositions)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_no_file_asks_for_is_as_long_as_the_positions()
    {
        folder.CopyAll(CheckpointFolder.Of("st6-xlmr-text-prompts"));
        Set("sentence_bert_config.json", "document_length", null);
        Set("tokenizer_config.json", "model_max_length", null);
        JsonNode settings = Export();
        Assert.Equal((258, 24), ((int)settings["document_length"]!, (int)settings["query_length"]!));
    }

    [Fact]
    public void An_error_of_a_graph_in_the_making_names_the_folder_that_it_is_for()
    {
        target.Copy(TestData.Path("onnx", "bert-base"));
        File.Delete(target.File("model_int8.onnx"));
        JsonObject settings = JsonNode.Parse(File.ReadAllText(target.File("onnx_config.json")))!.AsObject();
        settings.Remove("embedding_dim");
        target.With("onnx_config.json", settings.ToJsonString());
        ModelProto graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(target.File("model.onnx")));
        graph.Graph.Node[0].OpType = "Nonsense";
        File.WriteAllBytes(target.File("model.onnx"), graph.ToByteArray());
        ColbertException error = Assert.Throws<ColbertException>(() =>
            ColbertExporter.Quantize(target.Path, new ColbertQuantizeOptions { Verify = false }, cancellation: Token));
        Assert.Equal((ColbertErrorId.ModelInvalid, target.File("model_int8.onnx")), (error.Id, error.Target));
        Assert.DoesNotContain(".tmp", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        folder.Dispose();
        target.Dispose();
    }

    private void Set(string file, string field, int? value)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllBytes(folder.File(file)))!;
        json[field] = value;
        folder.With(file, json.ToJsonString());
    }

    private JsonNode Export()
    {
        ColbertExporter.Export(folder.Path, target.File("out"), Unchecked with { Force = true }, cancellation: Token);
        return JsonNode.Parse(File.ReadAllText(target.File("out/onnx_config.json")))!;
    }
}
