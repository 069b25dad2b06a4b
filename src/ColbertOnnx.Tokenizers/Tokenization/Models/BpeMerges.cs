using System.Buffers;
using System.Numerics;
using System.Text.Json;

namespace ColbertOnnx.Tokenization.Models;

/// <summary>Which two neighbours become one symbol, and in which order: an open hash table of pairs of ids.</summary>
internal sealed class BpeMerges
{
    /// <summary>No merge; larger than every one.</summary>
    public const ulong None = ulong.MaxValue;

    // Another one in each process: a file cannot be made so that its pairs crowd together.
    private static readonly ulong Multiplier = (ulong)Random.Shared.NextInt64() | 1UL << 63 | 1;

    private readonly (ulong Pair, ulong Merge)[] table;
    private readonly int shift;

    private BpeMerges(List<(ulong Pair, ulong Merge)> merges)
    {
        int bits = Math.Max(4, BitOperations.Log2((uint)Math.Max(1, merges.Count)) + 2);
        table = new (ulong, ulong)[1 << bits];
        Array.Fill(table, (Pair: 0UL, Merge: None));
        shift = 64 - bits;
        foreach ((ulong pair, ulong merge) in merges)
        {
            int slot = SlotOf(pair);
            // A pair that is written twice has its last rank.
            while (table[slot].Merge != None && table[slot].Pair != pair) slot = (slot + 1) & (table.Length - 1);
            table[slot] = (pair, merge);
        }
    }

    /// <summary>Reads pairs as ["a", "b"] or, in older files, as "a b".</summary>
    public static BpeMerges Read(TokenizerNode node, Vocabulary vocabulary, int prefixLength)
    {
        ReadOnlySpan<byte> json = node.Bytes.Span;
        var merges = new List<(ulong, ulong)>(json.Length / 12);
        var chars = new ArrayBufferWriter<char>(256);
        int index = 0;
        uint rank = 0;
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) throw node.Invalid("must be an array");
            for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
            {
                chars.ResetWrittenCount();
                bool isPair = reader.TokenType == JsonTokenType.StartArray;
                if (isPair) reader.Read();
                Vocabulary.Append(ref reader, chars);
                int first = chars.WrittenCount, second = first;
                if (isPair)
                {
                    reader.Read();
                    Vocabulary.Append(ref reader, chars);
                    if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw node.Invalid($"[{index}] is not a pair");
                }
                else
                {
                    if (chars.WrittenSpan.StartsWith("#version")) continue;
                    first = chars.WrittenSpan.IndexOf(' ');
                    second = first + 1;
                    if (first < 0 || chars.WrittenSpan[second..].Contains(' ')) throw node.Invalid($"[{index}] is not a pair");
                }

                merges.Add(Make(chars.WrittenSpan[..first], chars.WrittenSpan[second..], rank++, vocabulary, prefixLength)
                    ?? throw node.Invalid($"[{index}] names a piece that vocab lacks: '{chars.WrittenSpan}'"));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw node.Invalid($"[{index}] is not valid", e);
        }

        return new BpeMerges(merges);
    }

    /// <summary>The rank in the upper and the new id in the lower half, or <see cref="None"/>.</summary>
    public ulong Find(int left, int right)
    {
        ulong pair = Pack(left, right);
        for (int slot = SlotOf(pair); ; slot = (slot + 1) & (table.Length - 1))
        {
            if (table[slot].Merge == None || table[slot].Pair == pair) return table[slot].Merge;
        }
    }

    private static (ulong, ulong)? Make(
        ReadOnlySpan<char> left, ReadOnlySpan<char> right, uint rank, Vocabulary vocabulary, int prefixLength)
    {
        if (right.Length < prefixLength) return null;
        int a = vocabulary.Find(left), b = vocabulary.Find(right), both = vocabulary.Find(string.Concat(left, right[prefixLength..]));
        return a < 0 || b < 0 || both < 0 ? null : (Pack(a, b), (ulong)rank << 32 | (uint)both);
    }

    private static ulong Pack(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

    private int SlotOf(ulong pair) => (int)((pair ^ pair >> 29) * Multiplier >> shift);
}
