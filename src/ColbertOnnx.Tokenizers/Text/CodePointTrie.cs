using System.Runtime.CompilerServices;

namespace ColbertOnnx.Text;

/// <summary>A number for every code point, in blocks of 128 of which equal ones are stored once.</summary>
internal sealed class CodePointTrie(ushort[] index, ushort[] blocks)
{
    /// <summary>The number of a code point from 0 to 10FFFF; surrogates are code points too.</summary>
    public ushort this[int codePoint]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => blocks[(index[codePoint >>> 7] << 7) | (codePoint & 127)];
    }

    /// <summary>First and last of each run of code points whose number passes the test, in order.</summary>
    public List<int> Ranges(Func<ushort, bool> test)
    {
        var ranges = new List<int>();
        var ofBlock = new Dictionary<ushort, int[]>();
        for (int i = 0; i < index.Length; i++)
        {
            if (!ofBlock.TryGetValue(index[i], out int[]? inside))
                ofBlock.Add(index[i], inside = Inside(blocks.AsSpan(index[i] << 7, 128), test));
            for (int k = 0; k < inside.Length; k += 2)
            {
                int first = (i << 7) + inside[k], last = (i << 7) + inside[k + 1];
                if (ranges.Count > 0 && ranges[^1] == first - 1)
                    ranges[^1] = last;
                else
                    ranges.AddRange([first, last]);
            }
        }
        return ranges;
    }

    private static int[] Inside(ReadOnlySpan<ushort> block, Func<ushort, bool> test)
    {
        var ranges = new List<int>();
        for (int i = 0; i < block.Length; i++)
        {
            if (!test(block[i]))
                continue;
            if (ranges.Count > 0 && ranges[^1] == i - 1)
                ranges[^1] = i;
            else
                ranges.AddRange([i, i]);
        }
        return [.. ranges];
    }
}
