using System.Text.Json;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Tests.Pipeline;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Export;

/// <summary>The tokenizer.json that an export writes, with the checkpoint's settings: each text gives the ids of PyLate.</summary>
public sealed class EffectiveTokenizerTests(ITestOutputHelper output)
{
    private const string Stanford = "prefixes and lengths of Stanford's builder stand in artifact.metadata";

    /// <summary>Cases whose settings are not read yet, each with the reason.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["bert-stanford"] = Stanford,
        ["bert-stanford-attend"] = Stanford,
        ["bert-stanford-bare"] = Stanford,
    };

    [Fact]
    public void Every_checkpoint_s_tokenizer_gives_the_rows_of_every_text_of_every_run()
    {
        int cases = 0, runs = 0, rows = 0;
        var row = new ModelInput();
        foreach (string name in ReferenceCase.PylateNames.Except(Exceptions.Keys))
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            foreach (ReferenceRun run in reference.Runs.Where(r => !r.ExpectsError && r.HasRows))
            {
                var builder = new InputBuilder(ProfileOf(reference.Checkpoint, run));
                for (int i = 0; i < reference.Texts.Count; i++, rows++)
                {
                    builder.Build(reference.Texts[i], run.Kind, withOffsets: false, row);
                    InputAssert.Equal(run, i, row);
                }

                runs++;
            }

            cases++;
        }

        output.WriteLine($"{cases} checkpoints, {runs} runs, {rows} rows; without {string.Join(", ", Exceptions.Keys)}");
        Assert.Equal(110 - Exceptions.Count, cases);
    }

    [Fact]
    public void Every_checkpoint_of_sentence_transformers_gives_the_ids_of_its_documents_after_their_prompt()
    {
        int cases = 0, rows = 0;
        var buffer = new TokenBuffer();
        foreach (string name in ReferenceCase.AllNames.Except(ReferenceCase.PylateNames))
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            Tokenizer tokenizer = Tokenizer.Parse(EffectiveFile.Bytes(reference.Checkpoint), name);
            foreach ((ReferenceRun run, JsonElement json) in reference.Runs.Zip(reference.Root.GetProperty("runs").EnumerateArray())
                .Where(pair => pair.First.Kind == TextKind.Document))
            {
                string prompt = json.GetProperty("prompt").GetString() ?? "";
                for (int i = 0; i < reference.Texts.Count; i++, rows++)
                {
                    // Documents are not expanded: the sequence is as long as the text, cut where it was too long.
                    tokenizer.Encode(prompt + reference.Texts[i], buffer, new TokenizeOptions { MaxLength = run.Ids(i).Length });
                    Assert.True(run.Ids(i).SequenceEqual(buffer.Ids), $"{run}, text {i}");
                }
            }

            cases++;
        }

        output.WriteLine($"{cases} checkpoints, {rows} rows");
        Assert.Equal(15, cases);
    }

    // An exported folder has no tokenizer_config.json that could build anything anew, and its settings carry the sides.
    private static ResolvedSettings ProfileOf(string checkpoint, ReferenceRun run)
    {
        using TemporaryFolder folder = new();
        foreach (string file in Directory.EnumerateFiles(checkpoint, "*.json")) File.Copy(file, folder.File(Path.GetFileName(file)));
        ColbertSettings settings = new SettingsReader(checkpoint).Read(new ColbertModelOptions());
        string Prefix(string name, string read) => run.Init.TryGetProperty(name, out JsonElement given) ? given.GetString()! : read;
        EffectiveFile.Write(
            checkpoint, folder.File("tokenizer.json"), Prefix("query_prefix", settings.QueryPrefix.Value),
            Prefix("document_prefix", settings.DocumentPrefix.Value));
        Tokenizer source = Tokenizer.Load(Path.Combine(checkpoint, "tokenizer.json"));
        return ResolvedCheckpoint.Of(folder.Path, run) with
        {
            TruncationSide = settings.TruncationSide.Value ?? source.TruncationSide,
            PaddingSide = settings.PaddingSide.Value ?? source.PaddingSide,
        };
    }
}
