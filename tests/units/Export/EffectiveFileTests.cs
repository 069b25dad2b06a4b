using System.Text;
using System.Text.Json.Nodes;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Export;

/// <summary>From which files an exported tokenizer comes, and what its own file looks like.</summary>
public sealed class EffectiveFileTests
{
    [Fact]
    public void The_same_checkpoint_gives_the_same_bytes_and_an_exported_file_stays_as_it_is()
    {
        foreach (string name in new[] { "bert-base", "deberta-v3-published", "modernbert-decoder-flags", "qwen3-base" })
        {
            using CheckpointCopy copy = new(name);
            byte[] bytes = EffectiveFile.Bytes(copy.Path, "[Q] ", "[D] ");
            Assert.Equal(bytes, EffectiveFile.Bytes(copy.Path, "[Q] ", "[D] "));
            File.WriteAllBytes(Path.Combine(copy.Path, "tokenizer.json"), bytes);
            copy.Config(config => config["tokenizer_class"] = "PreTrainedTokenizerFast");
            Assert.Equal(bytes, EffectiveFile.Bytes(copy.Path, "[Q] ", "[D] "));
        }
    }

    [Fact]
    public void The_vocabulary_and_the_numbers_stay_byte_for_byte()
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-file-wins").With("tokenizer.json", """
            {"model": {"type": "Unigram", "unk_id": 1e0, "vocab": [["\u00e9",-1.50], ["z" , -0.25e+1]], "byte_fallback": false}, "new_part": [1.10, "é"], "padding": {"direction": "Left"}}
            """);
        string text = Encoding.UTF8.GetString(EffectiveFile.Bytes(copy.Path));
        Assert.Contains("""[["\u00e9",-1.50], ["z" , -0.25e+1]]""", text);
        Assert.Contains("1e0", text);
        Assert.Contains("1.10", text);
        Assert.Equal(
            ["model", "new_part", "padding", "truncation", "added_tokens"], JsonNode.Parse(text)!.AsObject().Select(entry => entry.Key));
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void Truncation_and_padding_are_left_out()
    {
        JsonNode json = EffectiveFile.Json(CheckpointFolder.Of("bert-blocks-left"));
        Assert.True(json.AsObject().ContainsKey("truncation"));
        Assert.Null(json["truncation"]);
        Assert.Null(json["padding"]);
    }

    [Fact]
    public void Vocab_txt_alone_gives_the_tokenizer_that_its_tokenizer_json_gives()
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-base").Config(config => config["pad_token"] = "[PAD]");
        JsonNode expected = copy.Effective("[Q] ", "[D] ");
        copy.Without("tokenizer.json").With("vocab.txt", string.Join('\n', CheckpointFolder.VocabularyOf(expected)) + " \n");
        JsonNode made = copy.Effective("[Q] ", "[D] ");
        Assert.True(JsonNode.DeepEquals(expected, made));
        Assert.Equal(1201, Tokenizer.Parse(Encoding.UTF8.GetBytes(made.ToJsonString()), "made").TokenToId("[D] "));
    }

    [Theory]
    [InlineData("bert-base")]
    [InlineData("roberta-base")]
    public void A_checkpoint_without_any_tokenizer_is_ModelIncomplete(string name)
    {
        using CheckpointCopy copy = new CheckpointCopy(name).Without("tokenizer.json");
        if (name == "roberta-base") copy.With("vocab.txt", "a");
        var error = Assert.Throws<ColbertException>(() => copy.Effective());
        Assert.Equal(ColbertErrorId.ModelIncomplete, error.Id);
        Assert.Contains("save_pretrained", error.Action);
    }

    [Fact]
    public void Split_special_tokens_is_TokenizerUnsupported()
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-base").Config(config => config["split_special_tokens"] = true);
        var error = Assert.Throws<ColbertException>(() => copy.Effective());
        Assert.Equal(ColbertErrorId.TokenizerUnsupported, error.Id);
        Assert.Contains("split_special_tokens", error.Message);
    }

    [Theory]
    [InlineData("""{"model": """)]
    [InlineData("[]")]
    [InlineData("{} {}")]
    [InlineData("""{"version":"1.0"}""")]
    [InlineData("""{"model":7}""")]
    [InlineData("""{"model":{"type":"WordPiece"}}""")]
    [InlineData("""{"model":{"type":8,"vocab":{}}}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":7}}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"a":"b"}}}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"a":99999999999}}}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{}},"added_tokens":{}}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{}},"added_tokens":[{"id":1}]}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{}},"added_tokens":[7]}""")]
    [InlineData("""{"model":{"type":"WordPiece","vocab":{"\ud800":1}}}""")]
    public void A_broken_file_is_TokenizerInvalid_with_its_name(string json)
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-base").With("tokenizer.json", json);
        var error = Assert.Throws<ColbertException>(() => copy.Effective());
        Assert.Equal(ColbertErrorId.TokenizerInvalid, error.Id);
        Assert.Contains("tokenizer.json", error.Message);
        Assert.False(string.IsNullOrWhiteSpace(error.Action));
    }

    [Theory]
    [InlineData("bert-base", "Lowercase BertNormalizer")]
    [InlineData("roberta-base", "Lowercase")]
    [InlineData("albert-base", "Replace Replace NFKD StripAccents Lowercase Replace NFKD StripAccents Lowercase Replace")]
    public void A_model_that_lowers_in_its_tokenizer_has_Lowercase_in_front_unless_it_has_one(string name, string steps)
    {
        using var output = new MemoryStream();
        ColbertOnnx.Export.Tokenizers.EffectiveTokenizer.Write(
            CheckpointFolder.Of(name), EffectiveFile.ModelTypeOf(CheckpointFolder.Of(name)), [], output, lowercase: true);
        JsonNode normalizer = JsonNode.Parse(output.ToArray())!["normalizer"]!;
        Assert.Equal(steps, string.Join(' ', normalizer["normalizers"]!.AsArray().Select(step => (string?)step!["type"])));
    }
}
