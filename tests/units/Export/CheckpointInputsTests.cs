using ColbertOnnx.Export;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Tests.Pipeline;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Export;

/// <summary>
/// From the text to ids, attention mask and token mask, for every text of every run of all 125 checkpoints: once with the
/// checkpoint's own files, and once with the onnx_config.json and tokenizer.json that are exported, and no other file.
/// </summary>
public sealed class CheckpointInputsTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. ReferenceCase.AllNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_text_of_a_checkpoint_gives_the_reference_s_input_before_and_after_export(string name)
    {
        using ReferenceCase reference = ReferenceCase.Load(name);
        Tokenizer tokenizer = ResolvedCheckpoint.EffectiveTokenizerOf(reference.Checkpoint);
        int rows = 0;
        foreach (ReferenceRun run in reference.Runs.Where(r => !r.ExpectsError && r.HasRows))
        {
            ResolvedSettings resolved = ResolvedCheckpoint.OfCheckpoint(reference, run, tokenizer);
            Compare(reference, run, resolved);
            Compare(reference, run, ResolvedCheckpoint.Exported(reference.Checkpoint, resolved));
            rows += reference.Texts.Count;
        }

        Assert.True(rows > 0 || reference.Runs.All(run => run.ExpectsError), "there are rows");
        output.WriteLine($"{name}: {rows} rows");
    }

    [Fact]
    public void All_125_cases_are_checked() => Assert.Equal(125, ReferenceCase.AllNames.Count);

    [Fact]
    public void What_PyLate_refuses_is_refused_too()
    {
        int errors = 0;
        foreach (string name in ReferenceCase.AllNames)
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            foreach (ReferenceRun run in reference.Runs.Where(r => r.ExpectsError))
            {
                // Too many tokens for the positions of the model: seen when a text has this many.
                if (run.ToString() is "bert-arguments/document_too_long") continue;
                var error = Assert.Throws<ColbertException>(() =>
                    ResolvedCheckpoint.OfCheckpoint(reference, run, ResolvedCheckpoint.EffectiveTokenizerOf(reference.Checkpoint)));
                Assert.Equal(
                    run.Encode.TryGetProperty("prompt_name", out _) ? ColbertErrorId.InputInvalid : ColbertErrorId.ConfigurationInvalid,
                    error.Id);
                Assert.False(string.IsNullOrWhiteSpace(error.Action));
                output.WriteLine($"{run}: {error.Message}");
                errors++;
            }
        }

        Assert.Equal(3, errors);
    }

    [Fact]
    public void Rule_06_a_checkpoint_without_the_prefixes_gets_them_as_new_tokens_behind_its_vocabulary_and_says_so()
    {
        using ReferenceCase reference = ReferenceCase.Load("bert-prefix-missing");
        ResolvedSettings resolved = ResolvedCheckpoint.OfCheckpoint(
            reference, reference["query"], ResolvedCheckpoint.EffectiveTokenizerOf(reference.Checkpoint));
        Assert.Equal([("[Q] ", 1200), ("[D] ", 1201)], resolved.NewTokens);
        Assert.Equal(2, resolved.Warnings.Count);
        Assert.Contains("'[Q] '", resolved.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Pooling_of_sentence_transformers_6_leaves_as_many_rows_as_the_reference()
    {
        foreach (string name in new[] { "st6-bert-pooled", "st6-bert-pooled-15" })
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            ColbertSettings settings = CheckpointSettings.Read(reference.Checkpoint).Settings;
            ReferenceRun run = reference["document"];
            for (int i = 0; i < reference.Texts.Count; i++)
            {
                int kept = run.Keep(i).Count((byte)1);
                Assert.Equal(
                    run.Embeddings(i).Length / run.Dimension,
                    TokenPooling.LargestCount(kept, settings.PoolFactor.Value, settings.ProtectedTokens.Value));
            }
        }
    }

    private static void Compare(ReferenceCase reference, ReferenceRun run, ResolvedSettings resolved)
    {
        var builder = new InputBuilder(resolved);
        var row = new ModelInput();
        for (int i = 0; i < reference.Texts.Count; i++)
        {
            builder.Build(reference.Texts[i], run.Kind, withOffsets: false, row);
            InputAssert.Equal(run, i, row);
        }
    }
}
