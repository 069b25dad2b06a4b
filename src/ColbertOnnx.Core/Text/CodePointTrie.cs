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
}
