using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ColbertOnnx.Tokenization.Models;

/// <summary>Pieces and ids: all characters in one array, an open hash table over it, no string for each piece.</summary>
internal sealed class Vocabulary
{
    // Another one in each process: a file cannot be made so that its pieces crowd together.
    private static readonly uint Seed = 2166136261 ^ (uint)Random.Shared.Next();

    private readonly char[] chars;
    private readonly int[] ends;
    private readonly int[] ids;
    private readonly int[] entries;
    private readonly (uint Hash, int Entry)[] table;
    private readonly int shift;

    private Vocabulary(char[] chars, int[] ends, int[] ids)
    {
        (this.chars, this.ends, this.ids) = (chars, ends, ids);
        int bits = Math.Max(4, BitOperations.Log2((uint)Math.Max(1, ids.Length)) + 2);
        table = new (uint, int)[1 << bits];
        Array.Fill(table, (Hash: 0u, Entry: -1));
        shift = 32 - bits;
        int largest = -1;
        for (int entry = 0; entry < ids.Length; entry++)
        {
            ReadOnlySpan<char> piece = PieceOf(entry);
            MaxLength = Math.Max(MaxLength, piece.Length);
            largest = Math.Max(largest, ids[entry]);
            Insert(Hash(piece), entry);
        }

        entries = new int[largest + 1];
        Array.Fill(entries, -1);
        for (int entry = 0; entry < ids.Length; entry++)
            entries[ids[entry]] = entry;
    }

    /// <summary>Number of different pieces.</summary>
    public int Count { get; private set; }

    /// <summary>Length of the longest piece in UTF-16 units.</summary>
    public int MaxLength { get; }

    /// <summary>One more than the largest id.</summary>
    public int IdLimit => entries.Length;

    /// <summary>Reads an object of pieces and ids.</summary>
    /// <param name="longest"><see cref="Limits.PieceLength"/> where a text costs more for longer pieces.</param>
    public static Vocabulary Read(TokenizerNode node, int longest = int.MaxValue)
    {
        ReadOnlySpan<byte> json = node.Bytes.Span;
        var chars = new ArrayBufferWriter<char>(Math.Max(256, json.Length / 2));
        List<int> ends = [], ids = [];
        try
        {
            var reader = new Utf8JsonReader(json);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw node.Invalid("must be an object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                Append(ref reader, chars);
                ends.Add(chars.WrittenCount);
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id) || id < 0)
                    throw node.Invalid($"has a piece without a proper id, '{chars.WrittenSpan[(ends.Count > 1 ? ends[^2] : 0)..]}'");
                if (id > Limits.LargestTokenId)
                    throw node.Unsupported(
                        FormattableString.Invariant(
                            $"has the id {id}, more than {Limits.LargestTokenId} (the limit {nameof(Limits.LargestTokenId)})"));
                ids.Add(id);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw node.Invalid("is not valid", e);
        }

        var vocabulary = new Vocabulary(chars.WrittenSpan.ToArray(), [.. ends], [.. ids]);
        return vocabulary.MaxLength <= longest
            ? vocabulary
            : throw node.Unsupported(
                FormattableString.Invariant($"has a piece of more than {longest:N0} characters (the limit {nameof(Limits.PieceLength)})"));
    }

    /// <summary>Pieces whose ids are their places.</summary>
    public static Vocabulary Of(ReadOnlySpan<char> chars, ReadOnlySpan<int> ends)
    {
        var ids = new int[ends.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = i;
        return new Vocabulary(chars.ToArray(), ends.ToArray(), ids);
    }

    /// <summary>Appends the string that the reader is at.</summary>
    public static void Append(ref Utf8JsonReader reader, ArrayBufferWriter<char> chars)
    {
        Span<char> target =
            chars.GetSpan(Math.Max(1, reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length));
        chars.Advance(reader.CopyString(target));
    }

    /// <summary>The id of a piece, -1 when there is none.</summary>
    public int Find(ReadOnlySpan<char> piece) => Find(Hash(piece), default, piece);

    /// <summary>The id of the piece that is made of two parts and has this hash.</summary>
    public int Find(uint hash, ReadOnlySpan<char> first, ReadOnlySpan<char> second)
    {
        int mask = table.Length - 1;
        for (int slot = SlotOf(hash); table[slot].Entry >= 0; slot = (slot + 1) & mask)
        {
            if (table[slot].Hash != hash) continue;
            ReadOnlySpan<char> piece = PieceOf(table[slot].Entry);
            if (piece.Length == first.Length + second.Length && piece.StartsWith(first) && piece[first.Length..].SequenceEqual(second))
                return ids[table[slot].Entry];
        }

        return -1;
    }

    public bool TryGet(int id, out ReadOnlySpan<char> piece)
    {
        bool known = (uint)id < (uint)entries.Length && entries[id] >= 0;
        piece = known ? PieceOf(entries[id]) : default;
        return known;
    }

    public static uint Hash(ReadOnlySpan<char> piece)
    {
        uint hash = Seed;
        foreach (char c in piece)
            hash = Continue(hash, c);
        return hash;
    }

    /// <summary>The hash of a piece that is one unit longer; of none it is <see cref="Hash"/> of nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Continue(uint hash, char c) => (hash ^ c) * 16777619;

    private ReadOnlySpan<char> PieceOf(int entry)
    {
        int start = entry == 0 ? 0 : ends[entry - 1];
        return chars.AsSpan(start, ends[entry] - start);
    }

    private int SlotOf(uint hash) => (int)((hash * 0x9E3779B1) >> shift);

    private void Insert(uint hash, int entry)
    {
        int mask = table.Length - 1, slot = SlotOf(hash);
        while (table[slot].Entry >= 0)
        {
            // A piece that is written twice has its last id.
            if (table[slot].Hash == hash && PieceOf(table[slot].Entry).SequenceEqual(PieceOf(entry)))
            {
                table[slot].Entry = entry;
                return;
            }

            slot = (slot + 1) & mask;
        }

        table[slot] = (hash, entry);
        Count++;
    }
}
