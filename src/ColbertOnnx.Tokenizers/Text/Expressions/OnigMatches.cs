namespace ColbertOnnx.Text.Expressions;

/// <summary>Iterates over the matches in a text. <c>foreach (OnigMatch match in regex.EnumerateMatches(text))</c>.</summary>
internal ref struct OnigMatches
{
    private readonly OnigRegex regex;
    private readonly ReadOnlySpan<char> text;
    private OnigMatcher? matcher;
    private int next;
    private int lastEnd;

    internal OnigMatches(OnigRegex regex, ReadOnlySpan<char> text, OnigMatcher matcher)
    {
        this.regex = regex;
        this.text = text;
        this.matcher = matcher;
        lastEnd = -1;
    }

    public OnigMatch Current { get; private set; }

    /// <summary>See <see cref="OnigMatcher.EndSeenFrom"/>; of what was iterated over so far.</summary>
    public readonly int EndSeenFrom => matcher!.EndSeenFrom;

    public readonly OnigMatches GetEnumerator() => this;

    /// <summary>With the program that remembers from the start, for tests.</summary>
    internal readonly OnigMatches Remembering()
    {
        matcher!.StartRemembering(regex);
        return this;
    }

    public bool MoveNext()
    {
        if (regex.Known is { } known)
        {
            if (next >= text.Length)
                return false;
            int start = next;
            next = known.End(text, start);
            if (KnownExpression.SeesEnd(text, next))
                matcher!.SeeEnd(start);
            Current = new(start, next);
            return true;
        }
        return MoveGeneral();
    }

    private bool MoveGeneral()
    {
        while (matcher is not null && next <= text.Length && matcher.Find(regex, text, next, out int start, out int end))
        {
            if (start == end && end == lastEnd)
            {
                // An empty match right behind the last one: go on after the next code point.
                int length = 1;
                if (next < text.Length)
                    CodePoint.At(text, next, out length);
                next += length;
                continue;
            }
            next = lastEnd = end;
            Current = new(start, end);
            return true;
        }
        return false;
    }

    public void Dispose()
    {
        if (matcher is not null)
            OnigRegex.Return(matcher);
        matcher = null;
    }
}

/// <summary>Where a match begins and ends, in UTF-16 units.</summary>
internal readonly record struct OnigMatch(int Start, int End);
