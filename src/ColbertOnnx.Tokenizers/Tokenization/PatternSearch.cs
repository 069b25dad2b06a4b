using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization;

/// <summary>
/// Goes over the patterns in a text. Nearly always a walk from each place that a pattern can begin at is over after a few characters, and
/// nothing is faster; where the walks take out of proportion, one pass from the end of the text tells all of the rest.
/// </summary>
internal ref struct PatternSearch(PatternTrie trie, ReadOnlySpan<char> text, TextGuard guard)
{
    private const int StepsForEach = 4, LeastSteps = 4096;

    private readonly ReadOnlySpan<char> text = text;
    private List<(int Start, int Length, int Value)>? known;
    private int next;
    private long steps;

    /// <summary>Finds the next pattern at or after <paramref name="from"/>, which is not before the last one's.</summary>
    public bool Find(int from, out int start, out int end, out int value)
    {
        (end, value) = (0, -1);
        long before = steps;
        for (start = from; known is null && start < text.Length; start++)
        {
            int skipped = text[start..].IndexOfAny(trie.Firsts);
            if (skipped < 0) break;
            start += skipped;
            if (steps > ((long)start * StepsForEach) + LeastSteps)
            {
                known = trie.Reversed(guard).Find(text, start, guard);
                next = known.Count - 1;
                break;
            }

            value = trie.Match(text, start, out end, ref steps);
            if (value >= 0) break;
        }

        guard.Count(steps - before);
        if (known is null) return value >= 0;
        while (next >= 0 && known[next].Start < from) next--;
        if (next < 0) return false;
        (start, int length, value) = known[next];
        end = start + length;
        return true;
    }
}
