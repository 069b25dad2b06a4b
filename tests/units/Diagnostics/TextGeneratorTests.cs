using System.Collections.Frozen;
using ColbertOnnx.Diagnostics;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Diagnostics;

public sealed class TextGeneratorTests
{
    [Theory]
    [InlineData("bert-base")]
    [InlineData("bert-cased-lower")]
    [InlineData("modernbert-base")]
    [InlineData("roberta-base")]
    [InlineData("xlmr-base")]
    public void Rows_of_generated_texts_have_exactly_so_many_tokens(string name)
    {
        ResolvedSettings resolved = Resolved(name);
        var builder = new InputBuilder(resolved);
        var row = new ModelInput();
        foreach (int tokens in new[] { 6, 17, 40 })
        {
            string[] texts = new TextGenerator(resolved, TextKind.Document).Generate(tokens, 40, seed: 1);
            Assert.Equal(40, texts.Length);
            Assert.All(texts, text =>
            {
                builder.Build(text, TextKind.Document, withOffsets: false, row);
                Assert.Equal((tokens, false), (row.Count, row.IsTruncated));
            });
        }
    }

    [Theory]
    [InlineData("real-minilm-bert-uncased")]
    [InlineData("whole-bert-cased")]
    [InlineData("whole-roberta")]
    [InlineData("whole-modernbert")]
    [InlineData("whole-qwen3-embedding")]
    [InlineData("whole-clip")]
    [InlineData("whole-llama2")]
    [InlineData("whole-gemma")]
    [InlineData("whole-xlmr")]
    [InlineData("whole-t5")]
    [InlineData("whole-deberta-v3")]
    [InlineData("model-unigram-unsplit")]
    public void Every_kind_of_tokenizer_gives_the_wanted_number(string name)
    {
        Tokenizer tokenizer = Tokenizer.Load(TestData.Path("tokenizers", name, "tokenizer.json"));
        ResolvedSettings resolved = new()
        {
            Settings = new SettingsReader("no settings files here").Read(new()),
            Tokenizer = tokenizer,
            SkippedIds = FrozenSet<int>.Empty,
        };
        var buffer = new TokenBuffer();
        foreach (int tokens in new[] { 9, 32, 180 })
        {
            foreach (string text in new TextGenerator(resolved, TextKind.Document).Generate(tokens, 20, seed: 7))
            {
                tokenizer.Encode(text, buffer, new TokenizeOptions());
                Assert.Equal(tokens, buffer.Count);
            }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_texts_and_another_seed_others()
    {
        var generator = new TextGenerator(Resolved("bert-base"), TextKind.Document);
        string[] texts = generator.Generate(30, 10, seed: 3);
        Assert.Equal(texts, new TextGenerator(Resolved("bert-base"), TextKind.Document).Generate(30, 10, seed: 3));
        Assert.NotEqual(texts, generator.Generate(30, 10, seed: 4));
        Assert.Equal(10, texts.Distinct().Count());
    }

    [Fact]
    public void Queries_have_so_many_tokens_before_expansion()
    {
        ResolvedSettings resolved = Resolved("bert-base");
        var row = new ModelInput();
        new InputBuilder(resolved).Build(
            new TextGenerator(resolved, TextKind.Query).Generate(12, 1, seed: 1)[0], TextKind.Query, withOffsets: false, row);
        Assert.Equal((32, 12), (row.Count, row.AttentionMask.ToArray().Count(mask => mask != 0)));
    }

    [Fact]
    public void A_model_with_a_prompt_and_lower_case_counts_them()
    {
        ResolvedSettings resolved = Resolved("bert-base") with { DocumentPrompt = "a prompt: " };
        var row = new ModelInput();
        new InputBuilder(resolved).Build(
            new TextGenerator(resolved, TextKind.Document).Generate(20, 1, seed: 1)[0], TextKind.Document, withOffsets: false, row);
        Assert.Equal(20, row.Count);
    }

    [Theory]
    [InlineData(49, "longer than the 48")]
    [InlineData(3, "too short")]
    public void Lengths_that_no_row_can_have_are_refused(int tokens, string said)
    {
        ColbertException error =
            Assert.Throws<ColbertException>(() => new TextGenerator(Resolved("bert-base"), TextKind.Document).Generate(tokens, 1, seed: 1));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    private static ResolvedSettings Resolved(string name) =>
        ModelFolder.Open(TestData.Path("onnx", name), new ColbertModelOptions()).Resolve();
}
