using System.Text.Json;
using System.Text.Json.Nodes;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>
/// From the text to ids, attention mask and selection: each rule on the checkpoints that were made for it, against PyLate's own rows.
/// </summary>
public sealed class TextToInputTests(ITestOutputHelper output)
{
    [Fact]
    public void Rule_01_prompts() => Check("bert-prompts", "bert-prompts-no-default", "bert-prompts-lower");

    [Fact]
    public void Rule_03_lower_case() => Check("bert-cased-lower", "bert-prompts-lower");

    [Fact]
    public void Rule_04_only_the_direction_of_the_truncation_and_padding_blocks_counts() => Check("bert-blocks-right", "bert-blocks-left");

    [Fact]
    public void Rule_04_sides_of_tokenizer_config_win_over_the_file() => Check("bert-sides-left");

    [Fact]
    public void Rule_05_limits_at_and_below_the_number_of_special_tokens() => Check("bert-lengths-small", "bert-lengths-tiny");

    [Fact]
    public void Rule_05_max_seq_length_has_no_effect() => Check("bert-max-seq-length");

    [Fact]
    public void Rule_06_prefixes_are_added_tokens_even_when_they_are_words() =>
        Check("bert-prefix-custom", "bert-prefix-word", "bert-prefix-in-vocabulary");

    [Fact]
    public void Rule_06_an_empty_prefix_is_none() => Check("bert-prefix-empty", "bert-prefix-empty-query");

    [Fact]
    public void Rule_06_a_prefix_of_an_exported_folder_that_is_no_token_is_ConfigurationInvalid() =>
        Refuses(
            "query_prefix",
            () => ResolvedCheckpoint.OfExport(CheckpointFolder.Of("bert-prefix-missing"), new ColbertModelOptions(), settings => settings));

    [Fact]
    public void Rule_07_the_expansion_token_is_mask_else_end_of_sequence_else_pad() =>
        Check("bert-base", "bert-nomask-eos", "bert-nomask-pad");

    [Fact]
    public void Rule_07_without_any_of_the_three_tokens_it_is_ConfigurationInvalid() =>
        Refuses("mask", () => ResolvedCheckpoint.Of(ReferenceCase.Load("bert-nomask-nopad"), new ColbertModelOptions()));

    [Fact]
    public void Rule_07_attention_to_expansion_tokens_and_no_expansion() => Check("bert-attend", "bert-noexp", "bert-attend-noexp");

    [Fact]
    public void Rule_09_argument_then_configuration_then_default() => Check("bert-silent", "bert-nulls", "bert-arguments");

    [Fact]
    public void Rule_11_skiplists() => Check("bert-skip-unknown", "bert-skip-empty", "bert-skip-special");

    [Fact]
    public void Every_exported_BERT_folder_gives_the_inputs_of_every_text_from_the_text() =>
        Check([.. ReferenceCase.OnnxNames.Where(name => name.StartsWith("bert-", StringComparison.Ordinal))]);

    [Fact]
    public void An_older_folder_whose_settings_give_no_ids_looks_them_up_in_the_tokenizer()
    {
        using ReferenceCase reference = ReferenceCase.Load("bert-skip-unknown");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(Path.Combine(reference.OnnxFolder, "onnx_config.json")))!;
        foreach (string name in new[] { "mask_token_id", "pad_token_id", "query_prefix_id", "document_prefix_id", "do_lower_case" })
            settings.AsObject().Remove(name);
        using TemporaryFolder folder = new TemporaryFolder().Copy(reference.OnnxFolder)
            .With("config_sentence_transformers.json", settings.ToJsonString());
        File.Delete(folder.File("onnx_config.json"));

        ResolvedSettings resolved = ModelFolder.Open(folder.Path, new()).Resolve();
        var builder = new InputBuilder(resolved);
        var input = new ModelInput();
        foreach (ReferenceRun run in reference.Runs)
        {
            for (int i = 0; i < reference.Texts.Count; i++)
            {
                builder.Build(reference.Texts[i], run.Kind, withOffsets: false, input);
                InputAssert.Equal(run, i, input);
            }
        }
    }

    [Fact]
    public void The_embedded_model_gives_the_inputs_of_the_reference()
    {
        ResolvedSettings resolved =
            ModelFolder.Open(TestData.Path("..", "..", "module", "models", "minilm-l6-colbert-96"), new()).Resolve();
        using var stored = ColbertOnnx.Safetensors.SafetensorsFile.Open(TestData.Path("minilm-reference", "embeddings.safetensors"));
        using var texts = JsonDocument.Parse(File.ReadAllBytes(TestData.Path("minilm-reference", "texts.json")));
        var builder = new InputBuilder(resolved);
        var input = new ModelInput();
        int count = 0;
        foreach (JsonElement entry in texts.RootElement.EnumerateArray())
        {
            int index = entry.GetProperty("index").GetInt32();
            builder.Build(
                entry.GetProperty("text").GetString(),
                entry.GetProperty("kind").GetString() == "query" ? TextKind.Query : TextKind.Document, withOffsets: false, input);
            float[] keep = new float[input.Count];
            foreach (int kept in input.Kept) keep[kept] = 1;
            Assert.Equal(stored.Read<int>($"{index}.input_ids"), input.Ids.ToArray());
            Assert.Equal(stored.ReadSingles($"{index}.attention_mask"), input.AttentionMask.ToArray().Select(x => (float)x));
            Assert.Equal(stored.ReadSingles($"{index}.mask"), keep);
            count++;
        }

        Assert.Equal(60, count);
    }

    [Fact]
    public void Offsets_lead_back_to_the_given_text()
    {
        ResolvedSettings resolved = ResolvedCheckpoint.Of(ReferenceCase.Load("bert-cased-lower"), new ColbertModelOptions()) with
        {
            QueryPrompt = "Query: ",
        };
        const string Text = "  The \u0130 river, THE bridge ";
        var input = new ModelInput();
        new InputBuilder(resolved).Build(Text, TextKind.Query, withOffsets: true, input);
        Assert.Equal(input.Count, input.Offsets.Length);
        Assert.Equal((0, 0), input.Offsets[0]);
        Assert.Equal((0, 0), input.Offsets[1]);
        string joined = string.Concat(input.Offsets.ToArray().Where(o => o.End > 0).Distinct().Select(o => Text[o.Start..o.End]));
        Assert.Equal("The\u0130river,THEbridge", joined);
    }

    [Fact]
    public void An_input_says_when_its_text_was_cut()
    {
        ResolvedSettings resolved = ResolvedCheckpoint.Of(ReferenceCase.Load("bert-base"), new ColbertModelOptions { DocumentLength = 6 });
        var builder = new InputBuilder(resolved);
        var input = new ModelInput();
        builder.Build("the the the", TextKind.Document, withOffsets: false, input);
        Assert.False(input.IsTruncated);
        Assert.Equal(6, input.Count);
        builder.Build("the the the the", TextKind.Document, withOffsets: false, input);
        Assert.True(input.IsTruncated);
        Assert.Equal(6, input.Count);
    }

    private void Check(params string[] names)
    {
        int rows = 0, runs = 0;
        var input = new ModelInput();
        foreach (string name in names)
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            foreach (ReferenceRun run in reference.Runs.Where(r => !r.ExpectsError && r.HasRows))
            {
                ResolvedSettings resolved = ResolvedCheckpoint.Of(reference, run);
                var builder = new InputBuilder(resolved);
                for (int i = 0; i < reference.Texts.Count; i++, rows++)
                {
                    builder.Build(reference.Texts[i], run.Kind, withOffsets: false, input);
                    InputAssert.Equal(run, i, input);
                }

                runs++;
            }
        }

        output.WriteLine($"{rows} rows of {runs} runs");
        Assert.True(runs >= names.Length * 2, "every case has a query and a document run");
    }

    private static void Refuses(string word, Func<ResolvedSettings> resolved)
    {
        var error = Assert.Throws<ColbertException>(resolved);
        Assert.Equal(ColbertErrorId.ConfigurationInvalid, error.Id);
        Assert.Contains(word, error.Message);
        Assert.False(string.IsNullOrWhiteSpace(error.Action));
    }
}
