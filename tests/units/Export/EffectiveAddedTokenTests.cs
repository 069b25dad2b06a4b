using System.Text.Json.Nodes;
using ColbertOnnx.Onnx;

namespace ColbertOnnx.Tests.Export;

/// <summary>Which added tokens an exported tokenizer has, with which ids and flags.</summary>
public sealed class EffectiveAddedTokenTests
{
    [Fact]
    public void Prefixes_become_ordinary_added_tokens_that_continue_the_vocabulary()
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-prefix-missing");
        JsonArray tokens = Tokens(copy, "[Q] ", "", "[D] ", "[Q] ");
        Assert.Equal(
            """{"id":1200,"content":"[Q] ","single_word":false,"lstrip":false,"rstrip":false,"normalized":true,"special":false}""",
            tokens[5]!.ToJsonString(CheckpointCopy.Relaxed));
        Assert.Equal((1201, "[D] "), Of(tokens[6]));
        Assert.Equal(7, tokens.Count);
    }

    [Fact]
    public void A_prefix_that_is_a_word_keeps_its_id_and_one_that_is_special_becomes_ordinary()
    {
        using CheckpointCopy copy = new("bert-base");
        JsonArray tokens = Tokens(copy, "the", "[MASK]");
        Assert.Equal([(366, "the")], tokens.Select(Of).Where(token => token.Content == "the"));
        JsonNode mask = tokens.Single(token => Of(token) == (8, "[MASK]"))!;
        Assert.False((bool)mask["special"]!);
        Assert.True((bool)mask["normalized"]!);
    }

    [Fact]
    public void Flags_of_added_tokens_decoder_win_and_tokens_that_the_file_lacks_are_added_in_the_order_of_their_ids()
    {
        using CheckpointCopy copy = new CheckpointCopy("modernbert-base").Config(config => config["added_tokens_decoder"] = new JsonObject
        {
            ["1000"] = new JsonObject { ["content"] = "<b>" },
            ["950"] = new JsonObject { ["content"] = "<a>", ["special"] = true, ["rstrip"] = true },
            ["908"] = new JsonObject { ["content"] = "[MASK]", ["lstrip"] = false, ["special"] = true },
        });
        JsonArray tokens = Tokens(copy);
        Assert.False((bool)tokens.Single(token => Of(token) == (908, "[MASK]"))!["lstrip"]!);
        Assert.Equal([(911, "<a>"), (912, "<b>")], tokens.Select(Of).TakeLast(2));
        Assert.Equal(
            """{"id":911,"content":"<a>","single_word":false,"lstrip":false,"rstrip":true,"normalized":false,"special":true}""",
            tokens[^2]!.ToJsonString(CheckpointCopy.Relaxed));
        Assert.True((bool)tokens[^1]!["normalized"]!);
    }

    [Fact]
    public void Over_a_class_of_its_own_added_tokens_decoder_is_the_whole_list_but_for_what_is_named()
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-base").Config(config =>
            config["added_tokens_decoder"] = new JsonObject { ["1201"] = new JsonObject { ["content"] = "[D] " } });
        Assert.Equal([(5, "[UNK]"), (6, "[CLS]"), (7, "[SEP]"), (8, "[MASK]"), (1200, "[D] ")], Tokens(copy).Select(Of));
        copy.Config(config => config["tokenizer_class"] = "PreTrainedTokenizerFast");
        Assert.Equal([(1200, "[Q] "), (1201, "[D] ")], Tokens(copy).Select(Of).TakeLast(2));
    }

    [Fact]
    public void Special_tokens_that_are_only_named_are_added_by_role_and_then_the_others()
    {
        using CheckpointCopy copy = new CheckpointCopy("modernbert-base").Config(config =>
        {
            config["pad_token"] = "<p>";
            config["bos_token"] = new JsonObject
            {
                ["__type"] = "AddedToken",
                ["content"] = "<b>",
                ["lstrip"] = true,
                ["normalized"] = true,
            };
            config["extra_special_tokens"] = new JsonArray("<x>", "[SEP]");
        })
        .With(
            "special_tokens_map.json",
            """{"pad_token":"<q>","eos_token":{"content":"<e>","single_word":true},"additional_special_tokens":["<y>"]}""");
        JsonArray tokens = Tokens(copy);
        Assert.Equal([(911, "<b>"), (912, "<e>"), (913, "<q>"), (914, "<x>"), (915, "<y>")], tokens.Select(Of).TakeLast(5));
        Assert.All(tokens.TakeLast(5), token => Assert.True((bool)token!["special"]!));
        Assert.Equal([true, false, false, false, false], tokens.TakeLast(5).Select(token => (bool)token!["normalized"]!));
        Assert.True((bool)tokens[^5]!["lstrip"]!);
        Assert.True((bool)tokens[^4]!["single_word"]!);
    }

    [Fact]
    public void Special_tokens_map_is_not_read_where_added_tokens_decoder_is_there()
    {
        using CheckpointCopy copy = new CheckpointCopy("modernbert-base").Config(config =>
            config["added_tokens_decoder"] = new JsonObject())
            .With("special_tokens_map.json", """{"pad_token":"<q>"}""").With("added_tokens.json", """{"<z>":950}""");
        Assert.Equal((910, "[D] "), Tokens(copy).Select(Of).Last());
        copy.Config(config => config.AsObject().Remove("added_tokens_decoder"));
        Assert.Equal([(911, "<z>"), (912, "<q>")], Tokens(copy).Select(Of).TakeLast(2));
    }

    [Fact]
    public void A_class_adds_the_special_tokens_that_nobody_names()
    {
        using CheckpointCopy copy = new CheckpointCopy("mpnet-base").Config(config => config.AsObject().Remove("mask_token"));
        copy.Tokenizer(file =>
        {
            file["added_tokens"] = new JsonArray();
            JsonObject vocabulary = file["model"]!["vocab"]!.AsObject();
            vocabulary.Remove("<mask>");
            vocabulary["<hidden>"] = 8;
        });
        JsonNode mask = Tokens(copy)[^1]!;
        Assert.Equal((1000, "<mask>"), Of(mask));
        Assert.True((bool)mask["lstrip"]!);
    }

    [Fact]
    public void New_tokens_are_counted_on_where_the_vocabulary_has_holes_as_the_reader_does_it()
    {
        using CheckpointCopy copy = new CheckpointCopy("bert-file-wins").With("tokenizer_config.json", "{}");
        copy.Change("config.json", config => config["model_type"] = "modernbert").Tokenizer(file =>
        {
            file["post_processor"] = null;
            file["model"] = new JsonObject
            {
                ["type"] = "WordLevel",
                ["unk_token"] = "u",
                ["vocab"] = new JsonObject { ["u"] = 0, ["a"] = 1, ["b"] = 100 },
            };
            file["added_tokens"] = new JsonArray([.. "bxy".Select((c, i) => JsonNode.Parse($$"""
                {"id":{{100 + i}},"content":"{{c}}","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}
                """))]);
        });
        Assert.Equal([(3, "x"), (4, "y"), (5, "[Q] "), (100, "b")], Tokens(copy, "[Q] ").Select(Of));
        var read = ColbertOnnx.Tokenization.Tokenizer.Parse(EffectiveFile.Bytes(copy.Path, "[Q] "), "made");
        Assert.Equal([3, 4, 5, 100], new[] { "x", "y", "[Q] ", "b" }.Select(token => read.TokenToId(token)));
    }

    [Theory]
    [InlineData("""{"added_tokens_decoder":[]}""", "added_tokens_decoder")]
    [InlineData("""{"added_tokens_decoder":{"x":{"content":"a"}}}""", "'x'")]
    [InlineData("""{"added_tokens_decoder":{"1":{"lstrip":true}}}""", "content")]
    [InlineData("""{"added_tokens_decoder":{"1":{"content":"a","lstrip":1}}}""", "lstrip")]
    [InlineData("""{"mask_token":7}""", "mask_token")]
    [InlineData("""{"mask_token":"\ud800"}""", "Unicode")]
    [InlineData("""{"extra_special_tokens":"a"}""", "extra_special_tokens")]
    public void Wrong_values_of_tokenizer_config_are_ConfigurationInvalid(string config, string named)
    {
        using CheckpointCopy copy = new CheckpointCopy("modernbert-base").With("tokenizer_config.json", config);
        var error = Assert.Throws<ColbertException>(() => copy.Effective());
        Assert.Equal(ColbertErrorId.ConfigurationInvalid, error.Id);
        Assert.Contains(named, error.Message);
    }

    private static JsonArray Tokens(CheckpointCopy copy, params string[] prefixes) => copy.Effective(prefixes)["added_tokens"]!.AsArray();

    private static (int Id, string Content) Of(JsonNode? token) => ((int)token!["id"]!, (string)token["content"]!);
}
