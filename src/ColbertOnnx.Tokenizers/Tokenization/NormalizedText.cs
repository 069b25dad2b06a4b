using System.Runtime.CompilerServices;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// A text on its way through normalizers: the characters as they are now and, when tracked, for each UTF-16 unit the part
/// of the given text that it stands for. A change is written beside it and swapped in, so nothing is allocated twice.
/// </summary>
/// <remarks>The rules of alignment are those of NormalizedString in tokenizers' src/tokenizer/normalizer.rs.</remarks>
internal sealed class NormalizedText(TextGuard guard)
{
    private char[] chars = new char[512], spareChars = new char[512];
    private Alignment[] map = [], spareMap = [];
    private int length;
    private int origin;
    private int position;
    private int written;

    // Up to here a change may write before it looks at its guard, or has no more room.
    private int room;

    public TextGuard Guard => guard;

    /// <summary>
    /// True while this is the beginning of a longer text, which goes on with a character that nothing joins to the one before.
    /// </summary>
    public bool IsPrefix { get; set; }

    /// <summary>True when the longer text could have been normalized differently here.</summary>
    public bool IsSpoiled { get; private set; }

    /// <summary>False: offsets were not asked for and the map is not kept.</summary>
    public bool IsTracked { get; private set; }

    public int Length => length;

    public ReadOnlySpan<char> Chars => chars.AsSpan(0, length);

    /// <summary>Empty unless tracked.</summary>
    public ReadOnlySpan<Alignment> Map => IsTracked ? map.AsSpan(0, length) : default;

    /// <summary>For changes that keep the length.</summary>
    public Span<char> WritableChars => chars.AsSpan(0, length);

    /// <summary>Starts with a part of the given text that begins at <paramref name="start"/>; a lone surrogate becomes U+FFFD.</summary>
    public void Load(ReadOnlySpan<char> text, int start, bool tracked)
    {
        Reset(text.Length, start, tracked);
        text.CopyTo(chars);
        bool hasSurrogates = text.ContainsAnyInRange('\uD800', '\uDFFF');
        if (hasSurrogates) ReplaceLoneSurrogates(WritableChars);
        if (!tracked) return;
        for (int i = 0; i < length; i++)
        {
            if (hasSurrogates && char.IsHighSurrogate(chars[i]))
            {
                map[i] = map[i + 1] = new Alignment(start + i, start + i + 2);
                i++;
                continue;
            }
            map[i] = new Alignment(start + i, start + i + 1);
        }
    }

    /// <summary>Starts with a part of a text that was normalized before.</summary>
    public void Load(ReadOnlySpan<char> text, ReadOnlySpan<Alignment> alignments)
    {
        Reset(text.Length, alignments.IsEmpty ? 0 : alignments[0].Start, !alignments.IsEmpty);
        text.CopyTo(chars);
        alignments.CopyTo(map);
    }

    /// <summary>U+FFFD where the original could not have been given the text: Rust's strings hold no lone surrogates.</summary>
    public static void ReplaceLoneSurrogates(Span<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else text[i] = '\uFFFD';
        }
    }

    /// <summary>Begins a change: every unit is then kept, skipped or replaced, in order.</summary>
    public void BeginRewrite()
    {
        written = 0;
        position = 0;
        room = 0;
    }

    /// <summary>Ends a change; what was not visited is kept.</summary>
    public void EndRewrite()
    {
        Keep(length - position);
        (chars, spareChars) = (spareChars, chars);
        (map, spareMap) = (spareMap, map);
        length = written;
    }

    public void Keep(int units)
    {
        if (units <= 0) return;
        Reserve(units);
        chars.AsSpan(position, units).CopyTo(spareChars.AsSpan(written));
        if (IsTracked) map.AsSpan(position, units).CopyTo(spareMap.AsSpan(written));
        position += units;
        written += units;
    }

    public void Skip(int units) => position += units;

    /// <summary>Says that what was done depended on where the text ends; it matters when that is not its end.</summary>
    public void DependsOnEnd() => IsSpoiled |= IsPrefix;

    /// <summary>
    /// Writes a code point. <paramref name="change"/>: 0, it replaces the next one; 1, it is new and belongs to the one
    /// before; -n, it replaces the next one and the n after that are gone.
    /// </summary>
    public void Put(int codePoint, int change)
    {
        Alignment alignment = default;
        if (IsTracked)
        {
            int at = change > 0 ? position - 1 : Math.Min(position, length - 1);
            alignment = at < 0 ? new Alignment(origin, origin) : map[at];
        }
        if (change <= 0)
        {
            for (int i = change; i <= 0 && position < length; i++)
                position += char.IsHighSurrogate(chars[position]) ? 2 : 1;
        }
        Write(codePoint, alignment);
    }

    /// <summary>Writes what stands for the next code point, which stays the next one until it is skipped.</summary>
    public void PutFor(int codePoint) => Write(codePoint, IsTracked ? map[position] : default);

    /// <summary>Marks the first code point as one that nothing of the text stands for.</summary>
    public void DetachFirst()
    {
        if (!IsTracked || length == 0) return;
        map[0] = new Alignment(origin, origin);
        if (char.IsHighSurrogate(chars[0])) map[1] = map[0];
    }

    /// <summary>Changes ASCII unit by unit; <paramref name="table"/> says what each becomes, <see cref="Removed"/>: nothing.</summary>
    public void MapAscii(ReadOnlySpan<ushort> table)
    {
        int kept = 0;
        for (int start = 0; start < length; start += TextGuard.Stride)
        {
            if (start > 0) guard.Look(start);
            int count = Math.Min(length - start, TextGuard.Stride);
            kept += IsTracked
                ? MapAscii(table, start, count, kept)
                : MapAscii(table, chars.AsSpan(start, count), chars.AsSpan(kept, count));
        }

        length = kept;
    }

    // The target never overtakes the source.
    private static int MapAscii(ReadOnlySpan<ushort> table, Span<char> from, Span<char> to)
    {
        int kept = 0;
        table = table[..128];
        foreach (char c in from)
        {
            ushort mapped = table[c & 127];
            to[kept] = (char)mapped;
            if (mapped != Removed) kept++;
        }

        return kept;
    }

    private int MapAscii(ReadOnlySpan<ushort> table, int start, int count, int target)
    {
        int before = target;
        for (int i = start; i < start + count; i++)
        {
            ushort mapped = table[chars[i]];
            if (mapped == Removed) continue;
            chars[target] = (char)mapped;
            map[target++] = map[i];
        }

        return target - before;
    }

    public const ushort Removed = 0xFFFF;

    /// <summary>The code point at the place that a change has come to.</summary>
    public int Next(out int units) => CodePoint.At(Chars, position, out units);

    public bool IsAtEnd => position >= length;

    /// <summary>How far a change has come.</summary>
    public int Position => position;

    private void Write(int codePoint, Alignment alignment)
    {
        Reserve(2);
        if (codePoint < 0x10000)
        {
            if (IsTracked) spareMap[written] = alignment;
            spareChars[written++] = (char)codePoint;
            return;
        }
        if (IsTracked) spareMap[written] = spareMap[written + 1] = alignment;
        spareChars[written++] = (char)(0xD7C0 + (codePoint >> 10));
        spareChars[written++] = (char)(0xDC00 | (codePoint & 0x3FF));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Reserve(int units)
    {
        if (written + units > room) Grow(units);
    }

    private void Grow(int units)
    {
        long needed = (long)written + units;
        int larger = guard.RoomFor(needed);
        if (needed > spareChars.Length) Array.Resize(ref spareChars, larger);
        if (IsTracked && needed > spareMap.Length) Array.Resize(ref spareMap, spareChars.Length);
        room = Math.Min(Math.Min(spareChars.Length, guard.Most), guard.Look((int)needed));
        if (IsTracked) room = Math.Min(room, spareMap.Length);
    }

    private void Reset(int size, int start, bool tracked)
    {
        length = size;
        origin = start;
        IsTracked = tracked;
        IsPrefix = IsSpoiled = false;
        if (chars.Length < size) chars = new char[guard.RoomFor(size)];
        if (tracked && map.Length < size) map = new Alignment[chars.Length];
    }
}
