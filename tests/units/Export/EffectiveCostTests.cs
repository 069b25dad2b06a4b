using System.Diagnostics;
using System.Globalization;
using System.Text;
using ColbertOnnx.Export.Tokenizers;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Tests.Export;

[Collection(nameof(Alone))]
public sealed class EffectiveCostTests(ITestOutputHelper output)
{
    private const int Pieces = 250_000;

    [Fact]
    public void A_vocabulary_of_250_000_pieces_takes_under_400_MB()
    {
        using CheckpointCopy copy = new("xlmr-base");
        var vocabulary = new StringBuilder("[[\"<s>\",0.0],[\"<pad>\",0.0],[\"</s>\",0.0],[\"<unk>\",0.0]");
        for (int i = 4; i < Pieces; i++)
            vocabulary.Append(CultureInfo.InvariantCulture, $",\n      [\n        \"▁piece{i}\",\n        {-i / 1000.0}\n      ]");
        copy.Tokenizer(file =>
        {
            file["model"]!["vocab"] = "giant";
            file["added_tokens"]!.AsArray().RemoveAt(4);
        });
        string path = Path.Combine(copy.Path, "tokenizer.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"giant\"", $"{vocabulary}]", StringComparison.Ordinal));
        vocabulary.Clear();

        string made = Path.Combine(copy.Path, "made.json");
        (double seconds, long most) = Write(copy.Path, made);
        output.WriteLine($"{new FileInfo(path).Length / 1e6:N1} MB of JSON: {seconds:N2} s, {most / 1e6:N0} MB allocated");
        Assert.Equal(Pieces, Tokenizer.Load(made).TokenToId("[Q] "));
        Assert.InRange(most, 0, 400_000_000);
    }

    // Everything that was allocated bounds what was ever held.
    private static (double Seconds, long Bytes) Write(string checkpoint, string path)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        using (FileStream stream = File.Create(path)) EffectiveTokenizer.Write(checkpoint, "xlm-roberta", ["[Q] ", "[D] "], stream);
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
