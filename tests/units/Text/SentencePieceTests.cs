using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tests.Text;

/// <summary>Charsmap and Unigram against what tokenizers 0.23.2 answered (tools/oracle made the cases).</summary>
public sealed class SentencePieceTests(ITestOutputHelper output)
{
    private static readonly JsonElement Cases = Read();

    private readonly TextGuard guard = new();

    [Fact]
    public void A_charsmap_changes_texts_cluster_by_cluster_as_the_original_does()
    {
        PrecompiledCharsMap map = PrecompiledCharsMap.Parse(Cases.GetProperty("precompiled_charsmap").GetString()!, "test");
        var buffer = new CodePointBuffer();
        var wrong = new List<string>();
        int changed = 0;
        foreach (JsonElement line in Cases.GetProperty("normalized").EnumerateArray())
        {
            string text = line[0].GetString()!, expected = line[1].GetString()!;
            string found = text;
            if (map.Normalize(CodePoints(text), buffer))
            {
                changed++;
                var result = new StringBuilder();
                foreach (int cp in buffer.CodePoints)
                    CodePoint.Append(result, cp);
                found = result.ToString();
            }
            if (found != expected)
                wrong.Add($"{JsonSerializer.Serialize(text)} {JsonSerializer.Serialize(expected)} {JsonSerializer.Serialize(found)}");
        }
        output.WriteLine($"{changed} changed, {wrong.Count} wrong");
        foreach (string w in wrong.Take(20))
            output.WriteLine(w);
        Assert.Empty(wrong);
        Assert.True(changed > 1000);
    }

    [Fact]
    public void A_charsmap_counts_what_it_removed_against_the_code_point_before()
    {
        PrecompiledCharsMap map = PrecompiledCharsMap.Parse(Cases.GetProperty("precompiled_charsmap").GetString()!, "test");
        var buffer = new CodePointBuffer();
        Assert.True(map.Normalize(CodePoints("\u2122\u001eg"), buffer));
        Assert.Equal("TMg", string.Concat(buffer.CodePoints.ToArray().Select(char.ConvertFromUtf32)));
        Assert.Equal([0, 0, 0], buffer.Changes.ToArray());
        Assert.False(map.Normalize(CodePoints("abc"), buffer));
    }

    [Theory]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    [InlineData("//8AAAAA")]
    public void A_broken_charsmap_is_named(string base64)
    {
        ColbertException error =
            Assert.Throws<ColbertException>(() => PrecompiledCharsMap.Parse(base64, "normalizer.precompiled_charsmap"));
        Assert.Equal(ColbertErrorId.TokenizerInvalid, error.Id);
        Assert.Contains("normalizer.precompiled_charsmap", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unigram_segments_as_the_original_does()
    {
        (PieceTrie trie, double[] scores) = Vocabulary();
        var lattice = new UnigramLattice(trie, scores, 0);
        var scratch = new UnigramLattice.Scratch();
        var wrong = new List<string>();
        int pieces = 0;
        foreach (JsonElement line in Cases.GetProperty("encoded").EnumerateArray())
        {
            string text = line[0].GetString()!;
            int[] ids = Integers(line[1]), offsets = Integers(line[2]);
            ReadOnlySpan<UnigramPiece> found = lattice.Encode(text, scratch, guard, out bool isMissing);
            Assert.False(isMissing);
            pieces += found.Length;
            var foundIds = new List<int>();
            var foundOffsets = new List<int>();
            foreach (UnigramPiece piece in found)
            {
                foundIds.Add(Math.Max(0, piece.Id));
                foundOffsets.AddRange([CodePoints(text[..piece.Start]).Length, CodePoints(text[..piece.End]).Length]);
            }
            if (!foundIds.SequenceEqual(ids) || !foundOffsets.SequenceEqual(offsets))
                wrong.Add($"{text}: expected {string.Join(' ', ids)}, found {string.Join(' ', foundIds)}");
        }
        output.WriteLine($"{pieces} pieces, {wrong.Count} wrong");
        foreach (string w in wrong.Take(20))
            output.WriteLine(w);
        Assert.Empty(wrong);
    }

    [Fact]
    public void Without_an_unknown_piece_what_no_piece_covers_is_reported()
    {
        (PieceTrie trie, double[] scores) = Vocabulary();
        var lattice = new UnigramLattice(trie, scores, -1);
        lattice.Encode("abz", new UnigramLattice.Scratch(), guard, out bool isMissing);
        Assert.True(isMissing);
    }

    [Fact]
    [Trait("Kind", "Timed")]
    public void A_quarter_of_a_million_pieces_load_and_a_megabyte_is_cut_in_no_time()
    {
        var random = new Random(5);
        string[] pieces =
        [
            .. Enumerable.Range(0, 250_000)
                .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => (char)('a' + random.Next(26))))),
        ];
        double[] scores = [.. pieces.Select(p => -5.0 - p.Length)];
        long before = GC.GetTotalMemory(true), clock = Stopwatch.GetTimestamp();
        var trie = new PieceTrie(pieces.Length);
        for (int i = 0; i < pieces.Length; i++)
            trie.Add(pieces[i], i);
        var lattice = new UnigramLattice(trie, scores, 0);
        TimeSpan load = Stopwatch.GetElapsedTime(clock);
        long memory = GC.GetTotalMemory(true) - before;
        string text = string.Concat(Enumerable.Range(0, 1_000_000).Select(_ => (char)('a' + random.Next(26))));
        var scratch = new UnigramLattice.Scratch();
        lattice.Encode(text, scratch, guard, out _);
        clock = Stopwatch.GetTimestamp();
        int count = lattice.Encode(text, scratch, guard, out _).Length;
        TimeSpan encode = Stopwatch.GetElapsedTime(clock);
        output.WriteLine(
            $"load {load.TotalMilliseconds:N0} ms, {memory >> 20} MiB; "
                + $"1,000,000 units in {encode.TotalMilliseconds:N0} ms, {count} pieces");
        Assert.True(load < TimeSpan.FromSeconds(20) && encode < TimeSpan.FromSeconds(40), $"{load} {encode}");
        Assert.True(memory < 60 << 20, $"{memory}");
        GC.KeepAlive(lattice);
        GC.KeepAlive(pieces);
    }

    private static (PieceTrie Trie, double[] Scores) Vocabulary()
    {
        JsonElement vocabulary = Cases.GetProperty("vocab");
        var trie = new PieceTrie(8);
        var scores = new double[vocabulary.GetArrayLength()];
        for (int id = 0; id < scores.Length; id++)
        {
            trie.Add(vocabulary[id][0].GetString(), id);
            scores[id] = vocabulary[id][1].GetDouble();
        }
        return (trie, scores);
    }

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetInt32())];

    private static int[] CodePoints(string text) => [.. text.EnumerateRunes().Select(r => r.Value)];

    private static JsonElement Read()
    {
        using var stream = new GZipStream(File.OpenRead(TestData.Path("text", "sentencepiece-cases.json.gz")), CompressionMode.Decompress);
        return JsonDocument.Parse(stream).RootElement;
    }
}
