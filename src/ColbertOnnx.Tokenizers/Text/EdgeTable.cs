using System.Numerics;
using System.Runtime.CompilerServices;

namespace ColbertOnnx.Text;

/// <summary>
/// The edges of a trie over UTF-16 units in one open hash table: built in any order, small in memory, one probe for each unit of a walk.
/// </summary>
internal sealed class EdgeTable
{
    // An edge is node << 40 | unit << 24 | child; 0 is a free place.
    private const int NodeBits = 24;

    // Another one in each process: a file cannot be made so that its edges crowd together.
    private static readonly ulong Multiplier = (ulong)Random.Shared.NextInt64() | 1UL << 63 | 1;

    private ulong[] edges;
    private int count;
    private int shift;

    /// <param name="expected">About how many edges will come.</param>
    public EdgeTable(int expected)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, expected * 2L));
        edges = new ulong[size];
        shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>Nodes have smaller numbers than this.</summary>
    public const int MostNodes = 1 << NodeBits;

    /// <summary>The node behind the next unit, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(int node, char unit)
    {
        ulong[] table = edges;
        ulong key = (ulong)node << 16 | unit;
        int mask = table.Length - 1;
        for (int at = (int)(key * Multiplier >> shift); ; at++)
        {
            ulong edge = table[at & mask];
            if (edge >> NodeBits == key) return (int)(edge & (MostNodes - 1));
            if (edge == 0) return 0;
        }
    }

    /// <summary>The edge must not be there; the child is at least 1.</summary>
    public void Add(int node, char unit, int child)
    {
        if (++count * 4L > edges.Length * 3L)
        {
            ulong[] old = edges;
            edges = new ulong[old.Length * 2];
            shift--;
            foreach (ulong edge in old)
            {
                if (edge != 0) Place(edge);
            }
        }

        Place((ulong)node << 40 | (ulong)unit << 24 | (uint)child);
    }

    private void Place(ulong edge)
    {
        int at = (int)((edge >> NodeBits) * Multiplier >> shift);
        while (edges[at & (edges.Length - 1)] != 0) at++;
        edges[at & (edges.Length - 1)] = edge;
    }
}
