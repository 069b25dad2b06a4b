using System.Buffers;
using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <summary>Strings to look for, the leftmost first and of those the longest; <see cref="PatternSearch"/> goes over a text.</summary>
internal sealed class PatternTrie
{
    private readonly Lock gate = new();
    private readonly List<(string Pattern, int Value)> patterns = [];
    private readonly EdgeTable edges;
    private readonly int[] values;
    private readonly int longest;
    private ReversedPatterns? reversed;

    /// <summary>Of two equal patterns the first one counts; an empty one is never found.</summary>
    public PatternTrie(IReadOnlyCollection<(string Pattern, int Value)> given)
    {
        var starts = new HashSet<char>();
        var ends = new List<int> { -1 };
        edges = new EdgeTable(given.Sum(item => item.Pattern.Length));
        foreach ((string pattern, int value) in given)
        {
            if (pattern.Length == 0) continue;
            starts.Add(pattern[0]);
            longest = Math.Max(longest, pattern.Length);
            int node = 0;
            foreach (char c in pattern)
            {
                int child = edges.Step(node, c);
                if (child == 0)
                {
                    edges.Add(node, c, child = ends.Count);
                    ends.Add(-1);
                }

                node = child;
            }

            if (ends[node] >= 0) continue;
            ends[node] = value;
            patterns.Add((pattern, value));
        }

        values = [.. ends];
        Firsts = SearchValues.Create([.. starts]);
    }

    public bool IsEmpty => patterns.Count == 0;

    /// <summary>What a pattern begins with.</summary>
    public SearchValues<char> Firsts { get; }

    /// <summary>The same patterns, to be found from the end of a text; made when they are needed first.</summary>
    public ReversedPatterns Reversed(TextGuard guard)
    {
        lock (gate) return reversed ??= new ReversedPatterns(patterns, guard);
    }

    /// <summary>
    /// True when a pattern could begin in the text and end behind it; also when <paramref name="steps"/>, which all tries share, were not
    /// enough to see that.
    /// </summary>
    public bool IsOpenAtEnd(ReadOnlySpan<char> text, ref int steps)
    {
        for (int start = Math.Max(0, text.Length - longest); start < text.Length; start++)
        {
            int skipped = text[start..].IndexOfAny(Firsts);
            if (skipped < 0) return false;
            start += skipped;
            int node = 0, i = start;
            while (i < text.Length && edges.Step(node, text[i]) is > 0 and var child)
            {
                node = child;
                i++;
            }

            steps -= i - start;
            if (i == text.Length || steps < 0) return true;
        }

        return false;
    }

    /// <summary>
    /// The value of the longest pattern that begins at a place, or -1, and where it ends; <paramref name="visited"/> goes up by the steps.
    /// </summary>
    public int Match(ReadOnlySpan<char> text, int start, out int end, ref long visited)
    {
        int node = 0, value = -1, i = start;
        end = start;
        for (; i < text.Length && edges.Step(node, text[i]) is > 0 and var child; i++)
        {
            node = child;
            if (values[node] < 0) continue;
            value = values[node];
            end = i + 1;
        }

        visited += i - start + 1;
        return value;
    }
}
