using ColbertOnnx.Tests.Tokenization;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Export;

/// <summary>Exported tokenizers in the Rust original.</summary>
public sealed class EffectiveOracleTests(ITestOutputHelper output)
{
    [Fact]
    public void The_original_reads_every_checkpoint_s_file_and_gives_the_same_ids()
    {
        using Oracle? oracle = Oracle.Start(out string reason);
        Assert.SkipWhen(oracle is null, $"The original is not here, so that only our own reader read the files. {reason}");
        int files = 0, texts = 0;
        var buffer = new TokenBuffer();
        using TemporaryFolder folder = new();
        foreach (string name in ReferenceCase.AllNames)
        {
            using ReferenceCase reference = ReferenceCase.Load(name);
            string path = folder.File($"{name}.json");
            EffectiveFile.Write(reference.Checkpoint, path, "[Q] ", "[D] ");
            oracle!.Open(path);
            Tokenizer tokenizer = Tokenizer.Load(path);
            foreach (string text in reference.Texts)
            {
                tokenizer.Encode(text, buffer, new TokenizeOptions());
                Assert.True(buffer.Ids.SequenceEqual(oracle.Encode(text).Ids), $"{name}: {text}");
                texts++;
            }

            files++;
        }

        output.WriteLine($"{files} files, {texts} texts");
        Assert.True(files > 40, "most cases with files of their own");
    }
}
