using System.Numerics;
using System.Runtime.CompilerServices;

namespace ColbertOnnx.Text;

/// <summary>
/// A trie of pieces over UTF-16 units: the first unit by a table, every other edge in one hash table. Built in one pass in
/// any order, small in memory, and one probe for each unit of a walk.
/// </summary>
internal sealed class PieceTrie
{
    // An edge is node << 40 | unit << 24 | child; 0 is a free place. Nodes count from 1.
    private const int NodeBits = 24;
    private readonly int[] roots = new int[0x10000];
    private ulong[] edges;
    private int edgeCount;
    private int[] ids;
    private int nodeCount = 1;
    private int shift;

    /// <param name="pieces">About how many pieces will come.</param>
    public PieceTrie(int pieces)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(256, pieces * 4));
        edges = new ulong[size];
        shift = 64 - BitOperations.Log2((uint)size);
        ids = new int[Math.Max(64, pieces * 2)];
    }

    /// <summary>The last id given for a piece counts. An empty piece is never found and is left out.</summary>
    public void Add(ReadOnlySpan<char> piece, int id)
    {
        if (piece.IsEmpty)
            return;
        int node = roots[piece[0]];
        if (node == 0)
            roots[piece[0]] = node = NewNode();
        foreach (char unit in piece[1..])
        {
            int child = Step(node, unit);
            if (child == 0)
                AddEdge(node, unit, child = NewNode());
            node = child;
        }
        ids[node] = id + 1;
    }

    /// <summary>The id of exactly this piece, or -1.</summary>
    public int Find(ReadOnlySpan<char> piece)
    {
        if (piece.IsEmpty)
            return -1;
        int node = First(piece[0]);
        for (int i = 1; i < piece.Length && node != 0; i++)
            node = Step(node, piece[i]);
        return node == 0 ? -1 : IdAt(node);
    }

    /// <summary>The node of a first unit, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int First(char unit) => roots[unit];

    /// <summary>The id of the piece that ends at a node, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IdAt(int node) => ids[node] - 1;

    /// <summary>The node behind the next unit, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(int node, char unit)
    {
        ulong[] table = edges;
        ulong key = (ulong)node << 16 | unit;
        int mask = table.Length - 1;
        for (int at = (int)(key * 0x9E3779B97F4A7C15 >> shift); ; at++)
        {
            ulong edge = table[at & mask];
            if (edge >> NodeBits == key)
                return (int)(edge & ((1 << NodeBits) - 1));
            if (edge == 0)
                return 0;
        }
    }

    private int NewNode()
    {
        if (nodeCount >= 1 << NodeBits)
            throw new InvalidOperationException("The vocabulary has more prefixes than a trie here can hold.");
        if (nodeCount == ids.Length)
            Array.Resize(ref ids, nodeCount * 2);
        return nodeCount++;
    }

    private void AddEdge(int node, char unit, int child)
    {
        if (++edgeCount * 4L > edges.Length * 3L)
        {
            ulong[] old = edges;
            edges = new ulong[old.Length * 2];
            shift--;
            foreach (ulong edge in old)
            {
                if (edge != 0)
                    Place(edge);
            }
        }
        Place((ulong)node << 40 | (ulong)unit << 24 | (uint)child);
    }

    private void Place(ulong edge)
    {
        int at = (int)((edge >> NodeBits) * 0x9E3779B97F4A7C15 >> shift);
        while (edges[at & (edges.Length - 1)] != 0)
            at++;
        edges[at & (edges.Length - 1)] = edge;
    }
}
