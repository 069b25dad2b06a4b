using System.Text;
using ColbertOnnx.Tokenization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace ColbertOnnx.Tests.Tokenization;

public sealed class OracleTests(OracleRun run, ITestOutputHelper output) : IClassFixture<OracleRun>
{
    private const int CharactersEach = 150_000;
    private const int CharactersOfOthers = 6_000;

    /// <summary>The published tokenizers.</summary>
    public static TheoryData<string> Published => [.. TokenizerCase.Folders.Where(IsPublished)];

    public static TheoryData<string> Others => [.. TokenizerCase.Folders.Where(folder => !IsPublished(folder))];

    [Theory]
    [MemberData(nameof(Published))]
    public void Generated_texts_give_the_original_s_ids_and_offsets(string kind) => Compare(kind, CharactersEach);

    [Theory]
    [MemberData(nameof(Others))]
    public void Every_option_gives_the_original_s_ids_and_offsets(string kind) => Compare(kind, CharactersOfOthers);

    [Theory]
    [MemberData(nameof(Published))]
    public void A_hundred_thousand_bytes_without_a_blank_are_equal_too(string kind)
    {
        if (Open(kind) is not { } tokenizer) return;
        foreach (string unit in new[] { "a", "é", "中", "!", "🙂", "\u0301", "x1é中" })
        {
            string text = string.Concat(Enumerable.Repeat(unit, 100_000 / Encoding.UTF8.GetByteCount(unit)));
            Assert.Null(Difference(run.Oracle!, tokenizer, new TokenBuffer(), text));
        }
    }

    [Fact]
    public void The_generated_texts_are_more_than_a_million_characters() => Assert.True(Published.Count * CharactersEach > 1_000_000);

    [Fact]
    public void A_difference_is_shrunk_to_what_makes_it()
    {
        string? smallest = null;
        var failure = Record.Exception(() => Prop.ForAll(GeneratedText.Pieces(400), pieces =>
        {
            string text = string.Concat(pieces);
            bool differs = text.Contains("ß", StringComparison.Ordinal) && text.Contains('9');
            if (differs) smallest = text;
            return !differs;
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithQuietOnSuccess(true).WithReplay(1, 1)
        .WithRunner(new ThrowingRunner(() => "differs"))));
        Assert.NotNull(failure);
        Assert.Equal(2, smallest!.Length);
    }

    private static bool IsPublished(string folder) =>
        folder.StartsWith("whole-", StringComparison.Ordinal) || folder.StartsWith("real-", StringComparison.Ordinal);

    /// <summary>
    /// The tokenizer, with the original open on the same file; where there is no original its recorded answers are compared, and null comes
    /// back.
    /// </summary>
    private Tokenizer? Open(string kind)
    {
        run.Say(
            $"at least {CharactersEach:N0} characters of generated text for {Published.Count} files, {CharactersOfOthers:N0} for "
                + $"{Others.Count}");
        if (run.Oracle is null)
        {
            new TokenizerReferenceTests(output).Every_text_gets_the_ids_and_offsets_of_the_original(kind);
            return null;
        }

        string file = TestData.Path("tokenizers", kind, "tokenizer.json");
        run.Oracle.Open(file);
        return Tokenizer.Load(file);
    }

    private void Compare(string kind, int enough)
    {
        if (Open(kind) is not { } tokenizer) return;
        // Seeds that are near each other give streams that overlap.
        var seeds = new Random(run.Seed ^ kind.Aggregate(0, (hash, c) => (hash * 31) + c));
        long characters = 0;
        var buffer = new TokenBuffer();
        string? difference = null;
        while (characters < enough)
        {
            Prop.ForAll(GeneratedText.Pieces(400), pieces =>
            {
                string text = string.Concat(pieces);
                characters += text.Length;
                string? found = Difference(run.Oracle!, tokenizer, buffer, text);
                difference = found ?? difference; // while shrinking, the last one that differs is the smallest
                return found is null;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5).WithReplay((ulong)seeds.NextInt64(), (ulong)seeds.NextInt64() | 1)
                .WithQuietOnSuccess(true)
                .WithRunner(new ThrowingRunner(() => $"{difference} (COLBERT_TEST_SEED={run.Seed})")));
        }

        output.WriteLine($"{kind}: {characters:N0} characters, COLBERT_TEST_SEED={run.Seed}");
    }

    private static string? Difference(Oracle oracle, Tokenizer tokenizer, TokenBuffer buffer, string text)
    {
        (int[] ids, int[] offsets) = oracle.Encode(text);
        tokenizer.Encode(text, buffer, new TokenizeOptions { Offsets = true });
        if (!buffer.Ids.SequenceEqual(ids))
            return $"ids of {Show(text)}\n  original [{string.Join(' ', ids)}]\n  here     [{string.Join(' ', buffer.Ids.ToArray())}]";
        int[] units = Utf16Of(text);
        for (int i = 0; i < ids.Length; i++)
        {
            (int start, int end) = (units[offsets[2 * i]], units[offsets[(2 * i) + 1]]);
            if (buffer.Offsets[i] != (start, end))
                return $"offsets of token {i} in {Show(text)}: original {(start, end)}, here {buffer.Offsets[i]}";
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

    private static string Show(string text) =>
        string.Concat(text.Take(200).Select(c => c is >= ' ' and <= '~' ? $"{c}" : $"\\u{(int)c:X4}"));

    /// <summary>FsCheck's own failure text shows pieces; ours shows ids of both sides after shrinking.</summary>
    private sealed class ThrowingRunner(Func<string> describe) : IRunner
    {
        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(
            int ntest, FSharpList<object> args,
            FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(
            FSharpList<object> args,
            FSharpFunc<FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, FsCheck.TestResult testResult)
        {
            if (testResult is FsCheck.TestResult.Failed) Assert.Fail(describe());
        }
    }
}
