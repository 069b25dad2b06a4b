using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Prefixes, prompts and protected tokens as the command takes them.</summary>
[Collection(nameof(Alone))]
public sealed class PrefixFaceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PrefixFaceTests() =>
        ColbertExporter.Export(CheckpointFolder.Of("bert-prompts"), folder.File("m"), new ColbertExportOptions { Verify = false });

    private string Model => folder.File("m");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("InputInvalid", "--prompt-name", "nope")]
    [InlineData("InputInvalid", "--query-prefix", "[none such]")]
    [InlineData("at least 0", "--protected-tokens", "-1")]
    public async Task What_cannot_be_is_wrong_input_for_the_command(string word, params string[] arguments)
    {
        var run = await ColbertProcess.Run("a\n", ["encode", "--document", "--model", Model, "-", "-o", "-", .. arguments]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(word, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_with_other_prefixes_or_prompts_is_not_gone_on_with()
    {
        ColbertModelOptions[] given =
        [
            new(), new() { QueryPrefix = "" }, new() { DocumentPrefix = "" }, new() { PromptName = "query" }, new() { Prompt = "x" },
            new() { Prompt = "" }, new() { ProtectedTokens = 4 },
        ];
        string[] identities = [.. given.Select(options =>
        {
            using ColbertModel model = ColbertModel.Load(Model, options);
            return JsonSerializer.Serialize(model.GetIdentity());
        })];
        Assert.Equal(given.Length, identities.Distinct().Count());
    }

    [Fact]
    public async Task A_reference_says_with_which_prefix_and_prompt_it_was_made()
    {
        string[] arguments = ["--model", Model, "--document-prefix", "", "--prompt", "Find: "];
        Assert.Equal(0, (await ColbertProcess.Run(null, ["reference", "-o", folder.File("r.safetensors"), .. arguments])).Exit);
        Assert.Equal(0, (await ColbertProcess.Run(null, ["parity", "--reference", folder.File("r.safetensors"), .. arguments])).Exit);
        var run = await ColbertProcess.Run(null, "parity", "--reference", folder.File("r.safetensors"), "--model", Model);
        Assert.Equal(1, run.Exit);
        foreach (string difference in (string[])
        [
            "document_prefix is '' in the reference and '[D] ' here", "query_prompt is 'Find: ' in the reference",
            "document_prompt is 'Find: ' in the reference",
        ])
            Assert.Contains(difference, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_call_with_a_prompt_are_named_by_its_tokens()
    {
        using ColbertModel model = ColbertModel.Load(Model);
        var call = new ColbertEncodeOptions { Prompt = "a b c " };
        var source = new ColbertOnnx.Scoring.TokenSource(model.Resolved);
        ColbertEmbedding embedding = model.EncodeQueries(["the end"], call, TestContext.Current.CancellationToken)[0];
        Assert.True(source.TryFind(embedding, out string[] tokens, out _));
        Assert.Equal(["a", "b", "c", "the", "end"], tokens[2..7]);
    }
}
