using System.Text.Json.Nodes;

namespace ColbertOnnx.Tests.Export;

/// <summary>
/// An argument of the export gives the same bytes as a configuration that says the same; what an argument cannot be is told.
/// </summary>
public sealed class ArgumentEquivalenceTests
{
    public static TheoryData<string, ColbertExportOptions, string> Same() => new()
    {
        { "bert-base", new() { QueryPrefix = "" }, """{"query_prefix": ""}""" },
        { "bert-base", new() { QueryPrefix = "", DocumentPrefix = "" }, """{"query_prefix": "", "document_prefix": ""}""" },
        { "bert-base", new() { DocumentPrefix = "the" }, """{"document_prefix": "the"}""" },
        {
            "bert-base", new() { QueryPrefix = "[NEW] ", DocumentPrefix = "<other>" },
            """{"query_prefix": "[NEW] ", "document_prefix": "<other>"}"""
        },
        { "bert-prefix-missing", new() { QueryPrefix = "", DocumentPrefix = "" }, """{"query_prefix": "", "document_prefix": ""}""" },
        { "bert-prompts", new() { PromptName = "query" }, """{"default_prompt_name": "query"}""" },
        { "bert-prompts-no-default", new() { PromptName = "document" }, """{"default_prompt_name": "document"}""" },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void An_argument_gives_the_files_of_a_configuration_that_says_the_same(string name, ColbertExportOptions options, string changes)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using TemporaryFolder edited = new TemporaryFolder().CopyAll(CheckpointFolder.Of(name));
        JsonObject config = JsonNode.Parse(File.ReadAllBytes(edited.File("config_sentence_transformers.json")))!.AsObject();
        foreach ((string field, JsonNode? value) in JsonNode.Parse(changes)!.AsObject()) config[field] = value!.DeepClone();
        edited.With("config_sentence_transformers.json", config.ToJsonString());
        using var folder = new TemporaryFolder();
        ColbertModelFolder said = ColbertExporter.Export(
            edited.Path, folder.File("said"), new ColbertExportOptions { Name = "m", Verify = false, Quantize = true },
            cancellation: cancellation);
        ColbertModelFolder given = ColbertExporter.Export(
            CheckpointFolder.Of(name), folder.File("given"), options with { Name = "m", Verify = false, Quantize = true },
            cancellation: cancellation);
        Assert.Equal(said.Warnings, given.Warnings);
        Assert.Equal(4, given.Files.Count);
        foreach (FileInfo file in given.Files)
            Assert.Equal(File.ReadAllBytes(Path.Combine(said.Path, file.Name)), File.ReadAllBytes(file.FullName));
    }

    [Fact]
    public void A_prefix_that_the_vocabulary_lacks_adds_no_token_when_it_is_to_be_none_and_the_vectors_are_PyLates()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        ColbertModelFolder export = ColbertExporter.Export(
            CheckpointFolder.Of("bert-prefix-missing"), folder.File("m"),
            new ColbertExportOptions { QueryPrefix = "", DocumentPrefix = "", Verify = false }, cancellation: cancellation);
        Assert.Empty(export.Warnings);
        Assert.DoesNotContain("[Q]", File.ReadAllText(folder.File("m/tokenizer.json")), StringComparison.Ordinal);
        using ColbertModel model = ColbertModel.Load(
            folder.File("m"), new ColbertModelOptions { QueryLength = 16, DocumentLength = 24, Sessions = 1 });
        using ReferenceCase reference = ReferenceCase.Load("bert-prefix-empty");
        int compared = 0;
        foreach (ReferenceRun run in reference.Runs)
        {
            IReadOnlyList<ColbertEmbedding> embeddings = run.Kind == TextKind.Query
                ? model.EncodeQueries(reference.Texts, cancellation: cancellation)
                : model.EncodeDocuments(reference.Texts, cancellation: cancellation);
            for (int i = 0; i < reference.Texts.Count; i++)
            {
                // There the marks are tokens of the vocabulary.
                if (reference.Texts[i].Contains("[q]", StringComparison.OrdinalIgnoreCase)
                    || reference.Texts[i].Contains("[d]", StringComparison.OrdinalIgnoreCase))
                    continue;
                ReadOnlySpan<float> expected = run.Embeddings(i), actual = embeddings[i].Values.Span;
                Assert.Equal(expected.Length, actual.Length);
                for (int k = 0; k < expected.Length; k++) Assert.InRange(actual[k] - expected[k], -1e-5f, 1e-5f);
                compared++;
            }
        }

        Assert.True(compared > reference.Texts.Count, "most texts are compared");
    }

    [Fact]
    public void An_exported_folder_takes_words_of_its_vocabulary_as_prefixes_and_gives_what_an_export_with_them_gives()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        string checkpoint = CheckpointFolder.Of("bert-base");
        using var folder = new TemporaryFolder();
        ColbertExporter.Export(checkpoint, folder.File("plain"), new ColbertExportOptions { Verify = false }, cancellation: cancellation);
        ColbertExporter.Export(
            checkpoint, folder.File("word"), new ColbertExportOptions { DocumentPrefix = "the", Verify = false },
            cancellation: cancellation);
        using ColbertModel opened = ColbertModel.Load(folder.File("plain"), new ColbertModelOptions { DocumentPrefix = "the" }),
            exported = ColbertModel.Load(folder.File("word"));
        string[] texts = ["other the mother", "[D] in the text", ""];
        SameRows.Check(
            exported.EncodeDocuments(texts, cancellation: cancellation), opened.EncodeDocuments(texts, cancellation: cancellation), "the");
        Assert.Equal(("the", "argument"), (opened.Settings.DocumentPrefix.Value, opened.Settings.DocumentPrefix.Source));
    }

    [Theory]
    [InlineData("<new> ", "")]
    [InlineData(null, "[new]")]
    public void An_exported_folder_says_of_a_prefix_that_is_no_token_to_export_again(string? query, string? document)
    {
        var error = Assert.Throws<ColbertException>(() => ColbertModel.Load(
            TestData.Path("onnx", "bert-base"), new ColbertModelOptions { QueryPrefix = query, DocumentPrefix = document }));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(
            query is null ? "'[new]' is to be the document_prefix" : "'<new> ' is to be the query_prefix", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("Export the checkpoint again", error.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_sentence_transformers_6_takes_no_prefix_as_a_checkpoint_and_as_a_folder()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = CheckpointFolder.Of("st6-bert-fixed");
        void Refused(Action action)
        {
            var error = Assert.Throws<ColbertException>(action);
            Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
            Assert.Contains("prompts take the place of prefixes", error.Message, StringComparison.Ordinal);
        }

        Refused(() => ColbertExporter.Export(checkpoint, folder.File("no"), new ColbertExportOptions { DocumentPrefix = "[D] " }));
        ColbertExporter.Export(
            checkpoint, folder.File("m"), new ColbertExportOptions { QueryPrefix = "", DocumentPrefix = "", Verify = false },
            cancellation: TestContext.Current.CancellationToken);
        Refused(() => ColbertModel.Load(folder.File("m"), new ColbertModelOptions { QueryPrefix = "[Q] " }));
        using ColbertModel model = ColbertModel.Load(folder.File("m"), new ColbertModelOptions { QueryPrefix = "" });
        Assert.Equal(("[Q] ", "onnx_config.json"), (model.Settings.QueryPrompt.Value, model.Settings.QueryPrompt.Source));
    }

    [Fact]
    public void A_prompt_that_nobody_named_is_told_with_those_that_there_are()
    {
        using var folder = new TemporaryFolder();
        string checkpoint = CheckpointFolder.Of("bert-prompts");
        ColbertExporter.Export(
            checkpoint, folder.File("m"), new ColbertExportOptions { Verify = false }, cancellation: TestContext.Current.CancellationToken);
        using ColbertModel model = ColbertModel.Load(folder.File("m"));
        var nope = new ColbertEncodeOptions { PromptName = "nope" };
        Action[] ways =
        [
            () => ColbertModel.Load(folder.File("m"), new ColbertModelOptions { PromptName = "nope" }),
            () => ColbertExporter.Export(checkpoint, folder.File("no"), new ColbertExportOptions { PromptName = "nope" }),
            () => model.EncodeQueries(["a"], nope, TestContext.Current.CancellationToken),
            () => model.EncodeDocumentsAsync(["a"], nope, TestContext.Current.CancellationToken),
        ];
        foreach (Action way in ways)
        {
            var error = Assert.Throws<ColbertException>(way);
            Assert.Equal((ColbertErrorId.InputInvalid, "nope"), (error.Id, error.Target));
            Assert.Contains("'document', 'empty', 'query', 'search'", error.Message, StringComparison.Ordinal);
        }

        Assert.Contains(
            "no prompts",
            Assert.Throws<ColbertException>(() => ColbertModel.Load(
                TestData.Path("onnx", "bert-base"), new ColbertModelOptions { PromptName = "query" })).Message,
            StringComparison.Ordinal);
        Assert.False(Path.Exists(folder.File("no")));
    }

    [Fact]
    public void A_prompt_wins_over_a_name_with_a_warning_and_over_what_was_exported()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        ColbertModelFolder export = ColbertExporter.Export(
            CheckpointFolder.Of("bert-prompts"), folder.File("m"),
            new ColbertExportOptions { Prompt = "by text ", PromptName = "unheard of", Verify = false }, cancellation: cancellation);
        Assert.Contains("'unheard of' has no effect", Assert.Single(export.Warnings), StringComparison.Ordinal);
        using ColbertModel plain = ColbertModel.Load(folder.File("m")),
            both = ColbertModel.Load(folder.File("m"), new ColbertModelOptions { Prompt = "Explain: ", PromptName = "query" });
        using ColbertModel named = ColbertModel.Load(folder.File("m"), new ColbertModelOptions { PromptName = "query" }),
            none = ColbertModel.Load(folder.File("m"), new ColbertModelOptions { Prompt = "" });
        Assert.Empty(plain.Warnings);
        Assert.Contains("'query' has no effect", Assert.Single(both.Warnings), StringComparison.Ordinal);
        (string, string) Prompt(ColbertModel model) => (model.Settings.DocumentPrompt.Value, model.Settings.DocumentPrompt.Source);
        Assert.Equal(("by text ", "onnx_config.json"), Prompt(plain));
        Assert.Equal(("Explain: ", "argument"), Prompt(both));
        Assert.Equal(("query: ", "argument"), Prompt(named));
        Assert.Equal(("", "argument"), Prompt(none));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_neither_a_prefix_nor_a_prompt()
    {
        using var folder = new TemporaryFolder();
        ColbertModelOptions[] given = [new() { QueryPrefix = "\ud83d" }, new() { DocumentPrefix = "x\ude00" }, new() { Prompt = "\ud83d" }];
        foreach (ColbertModelOptions options in given)
        {
            Assert.Equal(
                ColbertErrorId.InputInvalid,
                Assert.Throws<ColbertException>(() => ColbertModel.Load(TestData.Path("onnx", "bert-base"), options)).Id);
            var export = new ColbertExportOptions
            {
                QueryPrefix = options.QueryPrefix,
                DocumentPrefix = options.DocumentPrefix,
                Prompt = options.Prompt,
            };
            Assert.Equal(
                ColbertErrorId.InputInvalid,
                Assert.Throws<ColbertException>(() => ColbertExporter.Export(
                    CheckpointFolder.Of("bert-base"), folder.File("m"), export)).Id);
        }

        using ColbertModel model = ColbertModel.Load(TestData.Path("onnx", "bert-base"));
        Assert.Throws<ColbertException>(() => model.EncodeQueries(
            ["a"], new ColbertEncodeOptions { Prompt = "\ud83d" }, TestContext.Current.CancellationToken));
    }
}
