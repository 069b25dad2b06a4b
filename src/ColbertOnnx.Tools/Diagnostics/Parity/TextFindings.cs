namespace ColbertOnnx.Diagnostics.Parity;

/// <summary>Causes, each with its sentence, and the token vectors without a partner.</summary>
internal sealed class TextFindings
{
    private readonly List<ColbertParityCause> causes = [];
    private readonly List<string> sentences = [];
    private readonly List<ColbertParityGap> gaps = [];

    public bool IsEmpty => causes.Count == 0;

    public IReadOnlyList<ColbertParityCause> Causes => causes;

    public IReadOnlyList<ColbertParityGap> Gaps => gaps;

    public string Explanation => string.Join("; ", sentences);

    public void Add(ColbertParityCause cause, string sentence)
    {
        if (causes.Contains(cause)) return;
        causes.Add(cause);
        sentences.Add(sentence);
    }

    public void AddGap(ColbertParityGap gap) => gaps.Add(gap);
}
