using System.Globalization;
using ColbertOnnx.Tokenization;
using FsCheck;
using FsCheck.Fluent;

namespace ColbertOnnx.Tests.Tokenization;

public sealed class OracleTests(ITestOutputHelper output)
{
    private const int CharactersEach = 150_000;

    /// <summary>One of each kind of published tokenizer, and the options that differ most.</summary>
    public static TheoryData<string> Kinds
    {
        get
        {
            var kinds = new TheoryData<string>();
            foreach (string folder in Directory.EnumerateDirectories(TestData.Path("tokenizers")).Order(StringComparer.Ordinal))
            {
                string name = Path.GetFileName(folder);
                if (name.StartsWith("whole-", StringComparison.Ordinal) || name.StartsWith("real-", StringComparison.Ordinal)) kinds.Add(name);
            }

            return kinds;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generated_texts_give_the_original_s_ids_and_offsets(string kind)
    {
        using Oracle? oracle = Oracle.Start(out string reason);
        Assert.SkipWhen(oracle is null, $"The original is not here, only its recorded answers were compared. {reason}");
        string file = TestData.Path("tokenizers", kind, "tokenizer.json");
        oracle!.Open(file);
        Tokenizer tokenizer = Tokenizer.Load(file);
        ulong seed = ulong.TryParse(Environment.GetEnvironmentVariable("COLBERT_TEST_SEED"), CultureInfo.InvariantCulture, out ulong given) ? given : (ulong)Random.Shared.NextInt64();
        long characters = 0;
        var buffer = new TokenBuffer();
        string? difference = null;
        Arbitrary<string[]> texts = GeneratedText.Pieces(400).ToArbitrary();
        for (uint round = 0; characters < CharactersEach; round++)
        {
            Prop.ForAll(texts, pieces =>
            {
                string text = string.Concat(pieces);
                characters += text.Length;
                string? found = Difference(oracle, tokenizer, buffer, text);
                difference = found ?? difference; // while shrinking, the last one that differs is the smallest
                return found is null;
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(seed + round, 1).WithQuietOnSuccess(true).WithRunner(new ThrowingRunner(() => $"{difference} (COLBERT_TEST_SEED={seed})")));
        }

        output.WriteLine($"{kind}: {characters:N0} characters, COLBERT_TEST_SEED={seed}");
    }

    [Theory]
    [InlineData("whole-bert-uncased")]
    public void A_hundred_thousand_characters_without_a_blank_are_equal_too(string kind)
    {
        using Oracle? oracle = Oracle.Start(out string reason);
        Assert.SkipWhen(oracle is null, reason);
        string file = TestData.Path("tokenizers", kind, "tokenizer.json");
        oracle!.Open(file);
        Tokenizer tokenizer = Tokenizer.Load(file);
        foreach (string unit in new[] { "a", "ab", "é", "中", "!", "🙂", "x1", "\u0301" })
        {
            string text = string.Concat(Enumerable.Repeat(unit, 100_000 / unit.Length));
            Assert.Null(Difference(oracle, tokenizer, new TokenBuffer(), text));
        }
    }

    private static string? Difference(Oracle oracle, Tokenizer tokenizer, TokenBuffer buffer, string text)
    {
        (int[] ids, int[] offsets) = oracle.Encode(text);
        tokenizer.Encode(text, buffer, new TokenizeOptions { Offsets = true });
        if (!buffer.Ids.SequenceEqual(ids)) return $"ids of {Show(text)}\n  original [{string.Join(' ', ids)}]\n  here     [{string.Join(' ', buffer.Ids.ToArray())}]";
        int[] units = Utf16Of(text);
        for (int i = 0; i < ids.Length; i++)
        {
            (int start, int end) = (units[offsets[2 * i]], units[offsets[(2 * i) + 1]]);
            if (buffer.Offsets[i] != (start, end)) return $"offsets of token {i} in {Show(text)}: original {(start, end)}, here {buffer.Offsets[i]}";
        }

        return null;
    }

    /// <summary>The UTF-16 position of each code point.</summary>
    private static int[] Utf16Of(string text)
    {
        var positions = new List<int>();
        int position = 0;
        foreach (System.Text.Rune rune in text.EnumerateRunes())
        {
            positions.Add(position);
            position += rune.Utf16SequenceLength;
        }

        positions.Add(position);
        return [.. positions];
    }

    private static string Show(string text) => string.Concat(text.Take(200).Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\u{(int)c:X4}"));

    /// <summary>FsCheck's own failure text shows pieces; ours shows ids of both sides after shrinking.</summary>
    private sealed class ThrowingRunner(Func<string> describe) : IRunner
    {
        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int ntest, Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, FsCheck.TestResult testResult)
        {
            if (testResult is FsCheck.TestResult.Failed) Assert.Fail(describe());
        }
    }
}
