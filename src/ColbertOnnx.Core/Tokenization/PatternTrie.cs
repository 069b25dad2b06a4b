using System.Buffers;

namespace ColbertOnnx.Tokenization;

/// <summary>Strings to look for, the leftmost first and of those the longest.</summary>
internal sealed class PatternTrie
{
    private readonly Dictionary<long, int> children = [];
    private readonly List<int> values = [-1];
    private readonly SearchValues<char> firsts;
    private readonly int longest;

    /// <summary>Of two equal patterns the first one counts; an empty one is never found.</summary>
    public PatternTrie(IEnumerable<(string Pattern, int Value)> patterns)
    {
        var starts = new HashSet<char>();
        foreach ((string pattern, int value) in patterns)
        {
            if (pattern.Length == 0) continue;
            starts.Add(pattern[0]);
            longest = Math.Max(longest, pattern.Length);
            int node = 0;
            foreach (char c in pattern)
            {
                if (!children.TryGetValue(Key(node, c), out int child))
                {
                    child = values.Count;
                    values.Add(-1);
                    children.Add(Key(node, c), child);
                }

                node = child;
            }

            if (values[node] < 0) values[node] = value;
        }

        firsts = SearchValues.Create([.. starts]);
    }

    public bool IsEmpty => values.Count == 1;

    /// <summary>Finds the next pattern at or after <paramref name="from"/>.</summary>
    public bool Find(ReadOnlySpan<char> text, int from, out int start, out int end, out int value)
    {
        for (start = from; start < text.Length; start++)
        {
            int skipped = text[start..].IndexOfAny(firsts);
            if (skipped < 0) break;
            start += skipped;
            value = Match(text, start, out end);
            if (value >= 0) return true;
        }

        (end, value) = (0, -1);
        return false;
    }

    /// <summary>True when a pattern could begin in the text and end behind it.</summary>
    public bool IsOpenAtEnd(ReadOnlySpan<char> text)
    {
        for (int start = Math.Max(0, text.Length - longest); start < text.Length; start++)
        {
            int node = 0, i = start;
            while (i < text.Length && children.TryGetValue(Key(node, text[i]), out int child))
            {
                node = child;
                i++;
            }

            if (i == text.Length) return true;
        }

        return false;
    }

    private int Match(ReadOnlySpan<char> text, int start, out int end)
    {
        int node = 0, value = -1;
        end = start;
        for (int i = start; i < text.Length && children.TryGetValue(Key(node, text[i]), out int child); i++)
        {
            node = child;
            if (values[node] < 0) continue;
            value = values[node];
            end = i + 1;
        }

        return value;
    }

    private static long Key(int node, char c) => (long)node << 16 | c;
}
