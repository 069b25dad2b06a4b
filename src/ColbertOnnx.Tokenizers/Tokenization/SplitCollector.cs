namespace ColbertOnnx.Tokenization;

/// <summary>
/// Makes pieces of a run of matches and what lies between them, given in order. Follows NormalizedString::split of
/// tokenizers' src/tokenizer/normalizer.rs, but without its list of matches.
/// </summary>
internal ref struct SplitCollector(PreTokenizedText text, SplitBehavior behavior)
{
    private int start = -1;
    private int end;
    private bool previous;

    public void Add(int from, int to, bool isMatch)
    {
        switch (behavior)
        {
            case SplitBehavior.Removed:
                if (!isMatch) text.Add(from, to);
                return;
            case SplitBehavior.Isolated:
                text.Add(from, to);
                return;
            case SplitBehavior.MergedWithNext:
                // A match waits for what follows; only something that is not a match takes it in.
                if (isMatch)
                {
                    Flush();
                    (start, end) = (from, to);
                    return;
                }
                text.Add(start < 0 ? from : start, to);
                start = -1;
                return;
            default:
                bool joins = behavior == SplitBehavior.Contiguous ? isMatch == previous : isMatch && !previous;
                previous = isMatch;
                if (joins && start >= 0)
                {
                    end = to;
                    return;
                }
                Flush();
                (start, end) = (from, to);
                return;
        }
    }

    public void Finish()
    {
        Flush();
        previous = false;
    }

    private void Flush()
    {
        if (start >= 0) text.Add(start, end);
        start = -1;
    }
}
