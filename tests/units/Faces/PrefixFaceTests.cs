using System.Text.Json;
using ColbertOnnx.Cli;
using ColbertOnnx.Embeddings;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Commands;
using ColbertOnnx.Tests.Export;

namespace ColbertOnnx.Tests.Faces;

/// <summary>Prefixes, prompts and protected tokens as cmdlets and command take them: what the library gives.</summary>
[Collection(nameof(Alone))]
public sealed class PrefixFaceTests : IDisposable
{
    private static readonly string[] Texts = ["What is bread made of?", "  the end ", ""];

    private readonly TemporaryFolder folder = new();

    public PrefixFaceTests() => ColbertExporter.Export(CheckpointFolder.Of("bert-prompts"), folder.File("m"), new ColbertExportOptions { Verify = false });

    private string Model => folder.File("m");

    public void Dispose()
    {
        foreach (ColbertModel model in OpenModels.All.Where(model => model.Path.StartsWith(folder.Path, StringComparison.Ordinal))) OpenModels.Remove(model);
        folder.Dispose();
    }

    public static TheoryData<ColbertModelOptions, string[]> Arguments() => new()
    {
        { new() { DocumentPrefix = "" }, ["--document-prefix", ""] },
        { new() { DocumentPrefix = "the", QueryPrefix = "" }, ["--document-prefix=the", "--query-prefix", ""] },
        { new() { PromptName = "query" }, ["--prompt-name", "query"] },
        { new() { Prompt = "Explain: " }, ["--prompt", "Explain: "] },
        { new() { Prompt = "@file -x" }, ["--prompt", "@file -x"] },
        { new() { Prompt = "" }, ["--prompt", ""] },
        { new() { PoolFactor = 2, ProtectedTokens = 0 }, ["--pool-factor", "2", "--protected-tokens", "0"] },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public async Task Command_and_cmdlets_give_the_library_s_vectors(ColbertModelOptions options, string[] arguments)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        IReadOnlyList<ColbertEmbedding> expected, other;
        using (ColbertModel model = ColbertModel.Load(Model, options)) expected = model.EncodeDocuments(Texts, cancellation);
        using (ColbertModel model = ColbertModel.Load(Model)) other = model.EncodeDocuments(Texts, cancellation);
        Assert.Contains(expected.Zip(other), pair => !pair.First.Values.Span.SequenceEqual(pair.Second.Values.Span));

        var run = await ColbertProcess.Run(string.Concat(Texts.Select(text => JsonSerializer.Serialize(new { text }) + "\n")), ["encode", "--document", "--model", Model, "-", "--input-format", "jsonl", "-o", folder.File("out.npz"), .. arguments]);
        Assert.Equal((0, ""), (run.Exit, run.Error.Contains("Error", StringComparison.OrdinalIgnoreCase) ? run.Error : ""));
        PylateArgumentTests.AssertSame(expected, [.. ColbertEmbeddingFile.Read(folder.File("out.npz"))], "the command");

        var import = new ImportColbertModelCommand { LiteralPath = Model };
        if (options.QueryPrefix is { } query) import.QueryPrefix = query;
        if (options.DocumentPrefix is { } document) import.DocumentPrefix = document;
        if (options.PromptName is { } name) import.PromptName = name;
        if (options.Prompt is { } prompt) import.Prompt = prompt;
        if (options.PoolFactor is { } factor) import.PoolFactor = factor;
        if (options.ProtectedTokens is { } spared) import.ProtectedTokens = spared;
        var opened = Assert.IsType<ColbertModel>(Assert.Single(CmdletRun.Run(import).Output));
        PylateArgumentTests.AssertSame(expected, [.. Convert(new() { Model = opened }).Embeddings], "the cmdlets");
        if (options.Prompt is null && options.PromptName is null) return;
        PylateArgumentTests.AssertSame(expected, [.. Convert(new() { Model = folder.File("m"), PromptName = options.PromptName, Prompt = options.Prompt }).Embeddings], "a call");
    }

    [Fact]
    public void No_prefix_is_another_model_than_the_folder_s_own()
    {
        ColbertModel own = OpenModels.Import(Model, new()), none = OpenModels.Import(Model, new() { QueryPrefix = "" });
        ColbertModel prompted = OpenModels.Import(Model, new() { Prompt = "" }), split = OpenModels.Import(Model, new() { QueryPrefix = "", Prompt = "" });
        Assert.Equal(4, new[] { own, none, prompted, split }.Distinct().Count());
        Assert.Same(none, OpenModels.Import(Model, new() { QueryPrefix = "" }));
        Assert.Equal(("", "argument"), (none.Settings.QueryPrefix.Value, none.Settings.QueryPrefix.Source));
        Assert.Equal(("[Q] ", "onnx_config.json"), (own.Settings.QueryPrefix.Value, own.Settings.QueryPrefix.Source));
    }

    [Fact]
    public void A_call_that_names_a_prompt_and_gives_one_is_warned_and_a_wrong_name_ends_it()
    {
        Recorder both = Convert(new() { Model = Model, PromptName = "query", Prompt = "x " });
        Assert.Contains("'query' has no effect", Assert.Single(both.Warnings), StringComparison.Ordinal);
        Recorder wrong = Convert(new() { Model = Model, PromptName = "nope" });
        ColbertException error = Assert.Single(wrong.Failures).Error;
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("'search'", error.Message, StringComparison.Ordinal);
        Assert.Empty(wrong.Output);
    }

    [Fact]
    public async Task Tokens_are_shown_as_the_prefixes_and_prompts_lay_them_out()
    {
        ColbertToken Cmdlet(string? name, string? text) => Assert.IsType<ColbertToken>(Assert.Single(CmdletRun.Run(
            new ConvertToColbertTokenCommand { Model = Model, Kind = TextKind.Document, PromptName = name, Prompt = text }, cmdlet => cmdlet.Text = ["the end"]).Output));
        Assert.Equal(Cmdlet(null, "query: ").Ids, Cmdlet("query", null).Ids);
        Assert.NotEqual(Cmdlet(null, null).Ids, Cmdlet("query", null).Ids);
        // A token of the prompt has no place in the text, one of the text its own.
        Assert.Equal((4, 7), Cmdlet("query", null).Offsets[^2]);

        async Task<int[]> Command(params string[] arguments)
        {
            var run = await ColbertProcess.Run("the end\n", ["tokenize", "--model", Model, "-", .. arguments]);
            Assert.Equal(0, run.Exit);
            return [.. JsonDocument.Parse(run.Output).RootElement.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
        }

        Assert.Equal(Cmdlet("query", null).Ids, await Command("--document", "--prompt-name", "query"));
        Assert.Equal(Cmdlet(null, "").Ids.Where((_, place) => place != 1), await Command("--document", "--prompt", "", "--document-prefix", ""));
        var alone = await ColbertProcess.Run("a\n", "tokenize", "--model", Model, "-", "--prompt", "x");
        Assert.Equal(2, alone.Exit);
        Assert.Contains("--query or --document", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_by_command_or_cmdlet_keeps_its_arguments_in_the_folder()
    {
        string checkpoint = CheckpointFolder.Of("bert-prompts");
        var run = await ColbertProcess.Run(null, "export", checkpoint, "-o", folder.File("one"), "--query-prefix", "", "--document-prefix", "[New] ", "--prompt", "Find: ", "--protected-tokens", "3");
        Assert.Equal(0, run.Exit);
        Assert.Contains("'[New] ' is not in the vocabulary", run.Error + run.Output, StringComparison.Ordinal);
        Recorder recorder = CmdletRun.Run(new ExportColbertModelCommand { LiteralPath = checkpoint, Destination = folder.File("two"), QueryPrefix = "", DocumentPrefix = "[New] ", Prompt = "Find: ", ProtectedTokens = 3 });
        Assert.Empty(recorder.Failures);
        foreach (string file in (string[])["model.onnx", "tokenizer.json", "onnx_config.json"]) Assert.Equal(File.ReadAllBytes(folder.File($"one/{file}")), File.ReadAllBytes(folder.File($"two/{file}")));
        using ColbertModel model = ColbertModel.Load(folder.File("one"));
        ColbertSettings settings = model.Settings;
        Assert.Equal(("", "[New] ", "Find: ", 3), (settings.QueryPrefix.Value, settings.DocumentPrefix.Value, settings.QueryPrompt.Value, settings.ProtectedTokens.Value));
        Assert.All(new[] { settings.QueryPrefix.Source, settings.DocumentPrefix.Source, settings.QueryPrompt.Source, settings.ProtectedTokens.Source }, source => Assert.Equal("onnx_config.json", source));
    }

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
        ColbertModelOptions[] given = [new(), new() { QueryPrefix = "" }, new() { DocumentPrefix = "" }, new() { PromptName = "query" }, new() { Prompt = "x" }, new() { Prompt = "" }, new() { ProtectedTokens = 4 }];
        string[] identities = [.. given.Select(options =>
        {
            using ColbertModel model = ColbertModel.Load(Model, options);
            return JsonSerializer.Serialize(RunIdentity.Of(model, ".npz", new EmbeddingWriterOptions(), includeTokens: false));
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
        foreach (string difference in (string[])["document_prefix is '' in the reference and '[D] ' here", "query_prompt is 'Find: ' in the reference", "document_prompt is 'Find: ' in the reference"])
            Assert.Contains(difference, run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_a_call_with_a_prompt_are_named_by_its_tokens()
    {
        using ColbertModel model = ColbertModel.Load(Model);
        var call = new ColbertEncodeOptions { Prompt = "a b c " };
        var source = new ColbertOnnx.Scoring.TokenSource(model.Profile);
        ColbertEmbedding embedding = model.EncodeQueries(["the end"], call, TestContext.Current.CancellationToken)[0];
        Assert.True(source.TryFind(embedding, out string[] tokens, out _));
        Assert.Equal(["a", "b", "c", "the", "end"], tokens[2..7]);
    }

    private static Recorder Convert(ConvertToColbertEmbeddingCommand cmdlet)
    {
        cmdlet.IsDocument = true;
        return CmdletRun.Run(cmdlet, Texts.Select(text => (Action<ConvertToColbertEmbeddingCommand>)(c => c.Text = [text])));
    }
}
