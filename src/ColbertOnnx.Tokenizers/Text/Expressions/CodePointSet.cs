using System.Runtime.CompilerServices;

namespace ColbertOnnx.Text.Expressions;

/// <summary>A set of code points: sorted runs, and a bit for each code point of the first plane once it is asked.</summary>
internal sealed class CodePointSet
{
    public const int Last = 0x10FFFF;

    public static readonly CodePointSet Empty = new([]);
    public static readonly CodePointSet All = new([0, Last]);

    // First and last of each run, ascending, with a gap between runs.
    private readonly int[] runs;
    private ulong[]? bits;

    private CodePointSet(int[] runs) => this.runs = runs;

    public bool IsEmpty => runs.Length == 0;

    public ReadOnlySpan<int> Runs => runs;

    /// <summary>Of pairs (first, last) in any order, which may overlap.</summary>
    public static CodePointSet Of(params ReadOnlySpan<int> pairs)
    {
        var starts = new (int First, int Last)[pairs.Length / 2];
        for (int i = 0; i < starts.Length; i++)
            starts[i] = (pairs[i * 2], pairs[i * 2 + 1]);
        Array.Sort(starts);
        var runs = new List<int>();
        foreach ((int first, int last) in starts)
        {
            if (runs.Count > 0 && first <= runs[^1] + 1)
                runs[^1] = Math.Max(runs[^1], last);
            else
                runs.AddRange([first, last]);
        }
        return new([.. runs]);
    }

    public CodePointSet Union(CodePointSet other)
    {
        if (IsEmpty || ReferenceEquals(this, other))
            return other;
        if (other.IsEmpty)
            return this;
        int[] a = runs, b = other.runs, union = new int[a.Length + b.Length];
        int count = 0;
        for (int i = 0, k = 0; i < a.Length || k < b.Length;)
        {
            bool fromA = k == b.Length || (i < a.Length && a[i] <= b[k]);
            int first = fromA ? a[i] : b[k], last = fromA ? a[i + 1] : b[k + 1];
            if (fromA)
                i += 2;
            else
                k += 2;
            if (count > 0 && first <= union[count - 1] + 1)
            {
                union[count - 1] = Math.Max(union[count - 1], last);
                continue;
            }
            union[count++] = first;
            union[count++] = last;
        }
        return new(union[..count]);
    }

    /// <summary>Of many sets by halves: one after the other would copy for each what came before.</summary>
    public static CodePointSet UnionOf(ReadOnlySpan<CodePointSet> sets) => sets.Length switch
    {
        0 => Empty,
        1 => sets[0],
        _ => UnionOf(sets[..(sets.Length / 2)]).Union(UnionOf(sets[(sets.Length / 2)..])),
    };

    public CodePointSet Negate()
    {
        var inverse = new List<int>();
        int next = 0;
        for (int i = 0; i < runs.Length; i += 2)
        {
            if (runs[i] > next)
                inverse.AddRange([next, runs[i] - 1]);
            next = runs[i + 1] + 1;
        }
        if (next <= Last)
            inverse.AddRange([next, Last]);
        return new([.. inverse]);
    }

    public CodePointSet Intersect(CodePointSet other)
    {
        var both = new List<int>();
        for (int i = 0, k = 0; i < runs.Length && k < other.runs.Length;)
        {
            int first = Math.Max(runs[i], other.runs[k]), last = Math.Min(runs[i + 1], other.runs[k + 1]);
            if (first <= last)
                both.AddRange([first, last]);
            if (runs[i + 1] < other.runs[k + 1])
                i += 2;
            else
                k += 2;
        }
        return new([.. both]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Contains(int cp) => cp < 0x10000 ? ((bits ?? Prepare())[cp >> 6] >> (cp & 63) & 1) != 0 : ContainsAstral(cp);

    /// <summary>The length of the code point at <paramref name="index"/> in UTF-16 units if it is in the set, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MatchAt(ReadOnlySpan<char> text, int index)
    {
        char c = text[index];
        if ((c & 0xFC00) != 0xD800)
            return (int)((bits ?? Prepare())[c >> 6] >> (c & 63)) & 1;
        int cp = CodePoint.At(text, index, out int length);
        return Contains(cp) ? length : 0;
    }

    private bool ContainsAstral(int cp)
    {
        int low = 0, high = runs.Length / 2;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (runs[middle * 2 + 1] < cp)
                low = middle + 1;
            else
                high = middle;
        }
        return low * 2 < runs.Length && runs[low * 2] <= cp;
    }

    private ulong[] Prepare()
    {
        var plane = new ulong[0x10000 / 64];
        for (int i = 0; i < runs.Length && runs[i] < 0x10000; i += 2)
        {
            int last = Math.Min(runs[i + 1], 0xFFFF);
            for (int cp = runs[i]; cp <= last;)
            {
                int end = Math.Min(last, cp | 63);
                plane[cp >> 6] |= (end - cp == 63 ? ulong.MaxValue : (1UL << (end - cp + 1)) - 1) << (cp & 63);
                cp = end + 1;
            }
        }
        return bits = plane;
    }
}
