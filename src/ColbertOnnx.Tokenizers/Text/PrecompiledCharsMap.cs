using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ColbertOnnx.Text;

/// <summary>
/// The normalizer inside a sentencepiece model: a double-array trie over UTF-8 and the replacements, each ended by a zero
/// byte. Applied as the crate spm_precompiled 0.1.4 and tokenizers' Precompiled do it: a grapheme cluster of less than six
/// bytes is looked up as a whole, and the shortest entry that begins it replaces all of it; else each code point is.
/// </summary>
internal sealed class PrecompiledCharsMap
{
    private readonly uint[] units;
    private readonly byte[] replacements;
    // ASCII on its own is the common case: 0 unknown to the map, else 1 + offset of the replacement.
    private readonly int[] ascii = new int[128];

    private PrecompiledCharsMap(uint[] units, byte[] replacements)
    {
        this.units = units;
        this.replacements = replacements;
        Span<byte> one = stackalloc byte[1];
        for (int c = 1; c < ascii.Length; c++)
        {
            one[0] = (byte)c;
            ascii[c] = Find(one) + 1;
        }
        Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x5F).Where(c => ascii[c] == 0).Select(c => (char)c)]);
    }

    /// <summary>Printable ASCII that the map leaves as it is: a text of nothing else does not change.</summary>
    public SearchValues<char> Plain { get; }

    /// <param name="base64">The field precompiled_charsmap.</param>
    /// <param name="path">Where in the file it stands, for the error.</param>
    public static PrecompiledCharsMap Parse(string base64, string path)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromBase64String(base64);
        }
        catch (FormatException e)
        {
            throw Invalid(path, "is not base64", e);
        }
        return Parse(bytes, path);
    }

    public static PrecompiledCharsMap Parse(ReadOnlySpan<byte> bytes, string path)
    {
        uint size = bytes.Length < 4 ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (size > bytes.Length - 4 || size < 4)
            throw Invalid(path, "is cut off", null);
        var units = new uint[size / 4];
        for (int i = 0; i < units.Length; i++)
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 + i * 4)..]);
        byte[] replacements = bytes[(4 + units.Length * 4)..].ToArray();
        if (!System.Text.Unicode.Utf8.IsValid(replacements))
            throw Invalid(path, "holds replacements that are not UTF-8", null);
        return new(units, replacements);
    }

    /// <summary>
    /// Puts the normalized text with its changes into <paramref name="output"/>, which is cleared first. False: nothing of
    /// the map applies and nothing was written.
    /// </summary>
    public bool Normalize(ReadOnlySpan<int> text, CodePointBuffer output)
    {
        output.Clear();
        Span<byte> bytes = stackalloc byte[8];
        bool modified = false;
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = GraphemeBreaker.Next(text, start);
            if (end - start == 1 && text[start] is > 0 and < 128)
            {
                modified |= Put(ascii[text[start]] - 1, text.Slice(start, 1), output);
                continue;
            }
            int whole = Encode(text[start..end], bytes) is var length and < 6 ? Find(bytes[..length]) : -1;
            if (whole >= 0)
            {
                modified |= Put(whole, text[start..end], output);
                continue;
            }
            for (int i = start; i < end; i++)
                modified |= Put(Find(bytes[..Encode(text.Slice(i, 1), bytes)]), text.Slice(i, 1), output);
        }
        if (!modified)
            output.Clear();
        return modified;
    }

    // Writes the replacement with the changes that the original gives it, quirks included: what was removed counts
    // against the last code point that was written, whatever that is.
    private bool Put(int replacement, ReadOnlySpan<int> old, CodePointBuffer output)
    {
        if (replacement < 0)
        {
            output.Add(old[0], 0);
            return false;
        }
        int first = output.Count;
        for (ReadOnlySpan<byte> rest = replacements.AsSpan(replacement); rest.Length > 0 && rest[0] != 0;)
        {
            Rune.DecodeFromUtf8(rest, out Rune rune, out int used);
            output.Add(rune.Value, 0);
            rest = rest[used..];
        }
        int more = output.Count - first - old.Length;
        if (more > 0)
            output.Changes[^more..].Fill(1);
        else if (more < 0 && output.Count > 0)
            output.Changes[^1] += more;
        return true;
    }

    // Bytes of UTF-8; 6 or more once there are that many. A lone surrogate is none of the map's and counts as three.
    private static int Encode(ReadOnlySpan<int> text, Span<byte> bytes)
    {
        int length = 0;
        foreach (int cp in text)
        {
            int size = CodePoint.Utf8Length(cp);
            if (length + size >= 6)
                return 6;
            if (Rune.TryCreate(cp, out Rune rune))
                rune.EncodeToUtf8(bytes[length..]);
            else
                bytes.Slice(length, size).Fill(0xFF);
            length += size;
        }
        return length;
    }

    // The offset of the replacement of the shortest entry that begins the key, or -1.
    private int Find(ReadOnlySpan<byte> key)
    {
        uint[] trie = units;
        uint at = Offset(trie[0]);
        foreach (byte b in key)
        {
            if (b == 0)
                break;
            at ^= b;
            if (at >= trie.Length)
                break;
            uint unit = trie[at];
            if ((unit & 0x800000FF) != b)
                break;
            at ^= Offset(unit);
            if ((unit >> 8 & 1) != 0)
                return at < trie.Length && (int)(trie[at] & 0x7FFFFFFF) <= replacements.Length ? (int)(trie[at] & 0x7FFFFFFF) : -1;
        }
        return -1;
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 1u << 9) >> 6);

    private static ColbertException Invalid(string path, string what, Exception? inner) => new(ColbertErrorId.TokenizerInvalid,
        $"The charsmap at {path} {what}.", path, "Export the tokenizer again.", inner);
}
