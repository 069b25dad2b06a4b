using System.Text.Json;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.Tests.Faces;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>Prefixes, prompts and protected tokens as cmdlets and command take them: what the library gives.</summary>
[Collection(nameof(Alone))]
public sealed class PrefixCmdletTests : IDisposable
{
    private static readonly string[] Texts = ["What is bread made of?", "  the end ", ""];

    private readonly TemporaryFolder folder = new();

    public PrefixCmdletTests() =>
        ColbertExporter.Export(CheckpointFolder.Of("bert-prompts"), folder.File("m"), new ColbertExportOptions { Verify = false });

    private string Model => folder.File("m");

    public void Dispose()
    {
        OpenedModels.Remove(folder.Path);
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
        using (ColbertModel model = ColbertModel.Load(Model, options)) expected = model.EncodeDocuments(Texts, cancellation: cancellation);
        using (ColbertModel model = ColbertModel.Load(Model)) other = model.EncodeDocuments(Texts, cancellation: cancellation);
        Assert.Contains(expected.Zip(other), pair => !pair.First.Values.Span.SequenceEqual(pair.Second.Values.Span));

        var run = await ColbertProcess.Run(
            string.Concat(Texts.Select(text => JsonSerializer.Serialize(new { text }) + "\n")),
            ["encode", "--document", "--model", Model, "-", "--input-format", "jsonl", "-o", folder.File("out.npz"), .. arguments]);
        Assert.Equal((0, ""), (run.Exit, run.Error.Contains("Error", StringComparison.OrdinalIgnoreCase) ? run.Error : ""));
        SameRows.Check(expected, [.. ColbertEmbeddingFile.Read(folder.File("out.npz"))], "the command");

        Dictionary<string, object?> call = Given(("PromptName", options.PromptName), ("Prompt", options.Prompt));
        Dictionary<string, object?> import = Given(
            ("QueryPrefix", options.QueryPrefix), ("DocumentPrefix", options.DocumentPrefix), ("PoolFactor", options.PoolFactor),
            ("ProtectedTokens", options.ProtectedTokens)).With(call);
        var opened = Assert.IsType<ColbertModel>(Assert.Single(CmdletRun.Run(
            "Import-ColbertModel", new(import) { ["LiteralPath"] = Model }).Output));
        SameRows.Check(expected, [.. Encode(opened, []).Embeddings], "the cmdlets");
        if (call.Count > 0) SameRows.Check(expected, [.. Encode(Model, call).Embeddings], "a call");
    }

    [Fact]
    public void No_prefix_is_another_model_than_the_folder_s_own()
    {
        ColbertModel own = OpenModels.Import(Model, new()), none = OpenModels.Import(Model, new() { QueryPrefix = "" });
        ColbertModel prompted = OpenModels.Import(Model, new() { Prompt = "" }),
            split = OpenModels.Import(Model, new() { QueryPrefix = "", Prompt = "" });
        Assert.Equal(4, new[] { own, none, prompted, split }.Distinct().Count());
        Assert.Same(none, OpenModels.Import(Model, new() { QueryPrefix = "" }));
        Assert.Equal(("", "argument"), (none.Settings.QueryPrefix.Value, none.Settings.QueryPrefix.Source));
        Assert.Equal(("[Q] ", "onnx_config.json"), (own.Settings.QueryPrefix.Value, own.Settings.QueryPrefix.Source));
    }

    [Fact]
    public void A_call_that_names_a_prompt_and_gives_one_is_warned_and_a_wrong_name_ends_it()
    {
        CmdletRun both = Encode(Model, new() { ["PromptName"] = "query", ["Prompt"] = "x " });
        Assert.Contains("'query' has no effect", Assert.Single(both.Warnings), StringComparison.Ordinal);
        CmdletRun wrong = Encode(Model, new() { ["PromptName"] = "nope" });
        ColbertException error = Assert.Single(wrong.Failures).Error;
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("'search'", error.Message, StringComparison.Ordinal);
        Assert.Empty(wrong.Output);
    }

    [Fact]
    public async Task Tokens_are_shown_as_the_prefixes_and_prompts_lay_them_out()
    {
        ColbertTokenization Cmdlet(string? name, string? text) => Assert.IsType<ColbertTokenization>(Assert.Single(CmdletRun.Run(
            "ConvertTo-ColbertToken", new(Given(("PromptName", name), ("Prompt", text))) { ["Model"] = Model, ["Document"] = true },
            new[] { "the end" }).Output));
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
        Assert.Equal(
            Cmdlet(null, "").Ids.Where((_, place) => place != 1), await Command("--document", "--prompt", "", "--document-prefix", ""));
        var alone = await ColbertProcess.Run("a\n", "tokenize", "--model", Model, "-", "--prompt", "x");
        Assert.Equal(2, alone.Exit);
        Assert.Contains("--query or --document", alone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_by_command_or_cmdlet_keeps_its_arguments_in_the_folder()
    {
        string checkpoint = CheckpointFolder.Of("bert-prompts");
        var run = await ColbertProcess.Run(
            null, "export", checkpoint, "-o", folder.File("one"), "--query-prefix", "", "--document-prefix", "[New] ", "--prompt", "Find: ",
            "--protected-tokens", "3");
        Assert.Equal(0, run.Exit);
        Assert.Contains("'[New] ' is not in the vocabulary", run.Error + run.Output, StringComparison.Ordinal);
        CmdletRun exported = CmdletRun.Run("Export-ColbertModel", new()
        {
            ["LiteralPath"] = checkpoint,
            ["Destination"] = folder.File("two"),
            ["QueryPrefix"] = "",
            ["DocumentPrefix"] = "[New] ",
            ["Prompt"] = "Find: ",
            ["ProtectedTokens"] = 3,
        });
        Assert.Empty(exported.Failures);
        foreach (string file in (string[])["model.onnx", "tokenizer.json", "onnx_config.json"])
            Assert.Equal(File.ReadAllBytes(folder.File($"one/{file}")), File.ReadAllBytes(folder.File($"two/{file}")));
        using ColbertModel model = ColbertModel.Load(folder.File("one"));
        ColbertSettings settings = model.Settings;
        Assert.Equal(
            ("", "[New] ", "Find: ", 3),
            (settings.QueryPrefix.Value, settings.DocumentPrefix.Value, settings.QueryPrompt.Value, settings.ProtectedTokens.Value));
        Assert.All(
            new[]
            {
                settings.QueryPrefix.Source, settings.DocumentPrefix.Source, settings.QueryPrompt.Source, settings.ProtectedTokens.Source,
            },
            source => Assert.Equal("onnx_config.json", source));
    }

    private static CmdletRun Encode(object model, Dictionary<string, object?> parameters) =>
        CmdletRun.Run("ConvertTo-ColbertEmbedding", new(parameters) { ["Document"] = true, ["Model"] = model }, Texts);

    private static Dictionary<string, object?> Given(params IEnumerable<(string Name, object? Value)> values) =>
        values.Where(pair => pair.Value is not null).ToDictionary(pair => pair.Name, pair => pair.Value);
}
