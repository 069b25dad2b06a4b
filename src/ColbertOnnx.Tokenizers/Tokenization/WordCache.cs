using System.Runtime.InteropServices;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// The tokens of words that came before: most words of a text are few words again and again. Of a fixed size and with one place for each
/// word, which the next one that belongs there takes. A word is kept when it comes for the second time: those that never do cost little.
/// One thread at a time; tokenizers share it.
/// </summary>
internal sealed class WordCache
{
    /// <summary>Words of fewer characters, or more, cost as little, or come too seldom.</summary>
    public const int LeastLength = 2, MostLength = 16;

    private const int Bits = 13, MostTokens = 8;

    private static readonly ulong Multiplier = (ulong)Random.Shared.NextInt64() | 1UL << 63 | 1;

    private readonly Head[] heads = new Head[1 << Bits];
    private readonly char[] words = new char[MostLength << Bits];
    private readonly Part[] parts = new Part[MostTokens << Bits];

    /// <summary>Of a word of a length that is kept here; it says the place.</summary>
    public static uint HashOf(ReadOnlySpan<char> word)
    {
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(word);
        ulong hash = (ulong)word.Length;
        if (bytes.Length < sizeof(ulong))
        {
            hash = (hash << 32 | MemoryMarshal.Read<uint>(bytes)) * Multiplier ^ MemoryMarshal.Read<uint>(bytes[^sizeof(uint)..]);
        }
        else
        {
            // The last part may have been read before: a word has more than one hash only with another length.
            for (int i = 0; i + sizeof(ulong) < bytes.Length; i += sizeof(ulong)) hash = Mix(hash ^ MemoryMarshal.Read<ulong>(bytes[i..]));
            hash ^= MemoryMarshal.Read<ulong>(bytes[^sizeof(ulong)..]);
        }

        return (uint)(Mix(hash) * Multiplier >> 32);
    }

    /// <summary>
    /// Adds the tokens of a word that begins at <paramref name="start"/> in the normalized text; false when the word is not here.
    /// </summary>
    public bool TryAdd(int owner, uint hash, ReadOnlySpan<char> word, int start, TokenList tokens)
    {
        int slot = (int)(hash >> (32 - Bits));
        Head head = heads[slot];
        if (head.Owner != owner || head.Tag != (ushort)hash || head.Length != word.Length
            || !word.SequenceEqual(words.AsSpan(slot * MostLength, word.Length)))
            return false;
        foreach (Part part in parts.AsSpan(slot * MostTokens, head.Count))
            tokens.Add(part.Id, start + part.Start, start + part.End, part.IsText);
        return true;
    }

    /// <summary>Keeps what the model made of a word.</summary>
    public void Store(int owner, uint hash, ReadOnlySpan<char> word, int start, ReadOnlySpan<TokenList.Token> tokens)
    {
        int slot = (int)(hash >> (32 - Bits));
        ref Head head = ref heads[slot];
        if (head.Owner != owner || head.Tag != (ushort)hash)
        {
            head = new Head(owner, (ushort)hash, 0, 0);
            return;
        }

        if (tokens.Length > MostTokens) return;
        head = new Head(owner, (ushort)hash, (byte)word.Length, (byte)tokens.Length);
        word.CopyTo(words.AsSpan(slot * MostLength));
        Span<Part> kept = parts.AsSpan(slot * MostTokens, tokens.Length);
        for (int i = 0; i < kept.Length; i++)
            kept[i] = new Part(tokens[i].Id, (byte)(tokens[i].Start - start), (byte)(tokens[i].End - start), tokens[i].IsText);
    }

    private static ulong Mix(ulong hash) => (hash ^ hash >> 32) * Multiplier;

    // Length 0: the word has come once.
    private readonly record struct Head(int Owner, ushort Tag, byte Length, byte Count);

    private readonly record struct Part(int Id, byte Start, byte End, bool IsText);
}
