using BenchmarkDotNet.Attributes;
using ColbertOnnx.Tests;
using ColbertOnnx.Tokenization;

namespace ColbertOnnx.Benchmarks;

/// <summary>What one text allocates in the steady state.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class TokenizerMemory
{
    private readonly TokenBuffer buffer = new();
    private Tokenizer tokenizer = null!;
    private string[] texts = [];

    [Params("real-minilm-bert-uncased", "whole-modernbert", "whole-roberta", "whole-xlmr")]
    public string Kind { get; set; } = "";

    [Params("english", "mixed", "source")]
    public string Texts { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        tokenizer = Tokenizer.Load(TestData.Path("tokenizers", Kind, "tokenizer.json"));
        texts = TokenizerTexts.All()[Texts];
    }

    [Benchmark]
    public int Encode()
    {
        int tokens = 0;
        foreach (string text in texts)
        {
            tokenizer.Encode(text, buffer, new() { Offsets = true });
            tokens += buffer.Count;
        }

        return tokens;
    }
}
