using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// The automaton of Aho and Corasick over the patterns written backwards. One pass from the end of a text finds the longest pattern
/// that begins at each place, however long the patterns are and whatever the text does.
/// </summary>
internal sealed class ReversedPatterns
{
    private readonly EdgeTable edges;
    private readonly int[] fails;

    // Of the longest pattern that ends a node's own characters; 0 where there is none.
    private readonly int[] lengths, values;

    public ReversedPatterns(List<(string Pattern, int Value)> patterns, TextGuard guard)
    {
        int most = 1 + patterns.Sum(item => item.Pattern.Length), count = 1, deepest = 0, look = 0;
        edges = new EdgeTable(most);
        int[] parents = new int[most], depths = new int[most];
        char[] units = new char[most];
        (fails, lengths, values) = (new int[most], new int[most], new int[most]);
        foreach ((string pattern, int value) in patterns)
        {
            int node = 0;
            for (int i = pattern.Length - 1; i >= 0; i--)
            {
                if (count >= look) look = guard.Look(count);
                int child = edges.Step(node, pattern[i]);
                if (child == 0)
                {
                    edges.Add(node, pattern[i], child = count++);
                    (parents[child], depths[child], units[child]) = (node, depths[node] + 1, pattern[i]);
                    deepest = Math.Max(deepest, depths[child]);
                }

                node = child;
            }

            (lengths[node], values[node]) = (pattern.Length, value);
        }

        foreach (int node in ByDepth(depths.AsSpan(0, count), deepest))
        {
            if (--look < 0) look = guard.Look(0);
            fails[node] = depths[node] == 1 ? 0 : Follow(fails[parents[node]], units[node], guard);
            if (lengths[node] == 0) (lengths[node], values[node]) = (lengths[fails[node]], values[fails[node]]);
        }
    }

    /// <summary>The longest pattern at every place where one begins, the last place first.</summary>
    public List<(int Start, int Length, int Value)> Find(ReadOnlySpan<char> text, int from, TextGuard guard)
    {
        var found = new List<(int, int, int)>();
        int node = 0, look = 0;
        for (int i = text.Length - 1; i >= from; i--)
        {
            if (--look < 0) look = guard.Look(0);
            node = Follow(node, text[i], guard);
            if (lengths[node] > 0) found.Add((i, lengths[node], values[node]));
        }

        return found;
    }

    // Each step back is one that was made forward before.
    private int Follow(int node, char unit, TextGuard guard)
    {
        while (true)
        {
            guard.Count(1);
            int child = edges.Step(node, unit);
            if (child != 0 || node == 0) return child;
            node = fails[node];
        }
    }

    // The root is not among them.
    private static int[] ByDepth(ReadOnlySpan<int> depths, int deepest)
    {
        var next = new int[deepest + 2];
        foreach (int depth in depths) next[depth + 1]++;
        for (int i = 1; i < next.Length; i++) next[i] += next[i - 1];
        var nodes = new int[depths.Length];
        for (int node = 0; node < depths.Length; node++) nodes[next[depths[node]]++] = node;
        return nodes[1..];
    }
}
