using System.Runtime.CompilerServices;

namespace ColbertOnnx.Text;

/// <summary>
/// A trie of pieces over UTF-16 units: the first unit by a table, every other edge in one hash table. Built in one pass in
/// any order, small in memory, and one probe for each unit of a walk.
/// </summary>
internal sealed class PieceTrie
{
    private readonly int[] roots = new int[0x10000];
    private readonly EdgeTable edges;
    private Node[] nodes;
    private int nodeCount = 1;

    /// <param name="pieces">About how many pieces will come.</param>
    public PieceTrie(int pieces)
    {
        edges = new EdgeTable(Math.Max(128, pieces * 2));
        nodes = new Node[Math.Max(64, pieces * 2)];
    }

    /// <summary>
    /// The last id given for a piece counts. An empty piece is never found and is left out. False: there is no room for it.
    /// </summary>
    public bool Add(ReadOnlySpan<char> piece, int id)
    {
        if (piece.IsEmpty)
            return true;
        if (nodeCount + piece.Length > EdgeTable.MostNodes)
            return false;
        int node = roots[piece[0]];
        if (node == 0)
            roots[piece[0]] = node = NewNode();
        foreach (char unit in piece[1..])
        {
            int child = Step(node, unit);
            if (child == 0)
            {
                edges.Add(node, unit, child = NewNode());
                nodes[node].Units |= 1UL << (unit & 63);
            }

            node = child;
        }
        nodes[node].Id = id + 1;
        return true;
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
    public int IdAt(int node) => nodes[node].Id - 1;

    /// <summary>The node behind the next unit, or 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(int node, char unit) => (nodes[node].Units >> (unit & 63) & 1) == 0 ? 0 : edges.Step(node, unit);

    private int NewNode()
    {
        if (nodeCount == nodes.Length)
            Array.Resize(ref nodes, nodeCount * 2);
        return nodeCount++;
    }

    // Most walks end where no edge is: the low bits of the units of a node's edges say so at once.
    private struct Node
    {
        public ulong Units;
        public int Id;
    }
}
