namespace ColbertOnnx.Text.Expressions;

/// <summary>
/// A regular expression of a tokenizer.json, in Oniguruma's dialect, over whole code points. An expression that cannot be
/// mapped exactly is <see cref="ColbertErrorId.TokenizerUnsupported"/>.
/// </summary>
internal sealed class OnigRegex
{
    [ThreadStatic]
    private static OnigMatcher? spare;

    // Each compiled when it is first needed: a known expression needs neither.
    private readonly Lazy<OnigInstruction[]> program;
    private readonly Lazy<(OnigInstruction[] Program, int Choices)> memory;
    private readonly Lazy<CodePointSet?> firstSet;

    private OnigRegex(string pattern, KnownExpression? known, Func<RegexNode> node)
    {
        Pattern = pattern;
        Known = known;
        firstSet = new(() => OnigCompiler.Start(node()));
        program = new(() => new OnigCompiler(runs: true).Compile(node()));
        memory = new(() =>
        {
            var compiler = new OnigCompiler(runs: false);
            return (compiler.Compile(node()), compiler.Choices);
        });
    }

    public string Pattern { get; }

    internal KnownExpression? Known { get; }

    internal OnigInstruction[] Program => program.Value;

    internal CodePointSet? FirstSet => firstSet.Value;

    internal OnigInstruction[] MemoryProgram => memory.Value.Program;

    internal int MemoryChoices => memory.Value.Choices;

    /// <param name="pattern">The expression.</param>
    /// <param name="path">Where in the file it stands, for the error.</param>
    public static OnigRegex Parse(string pattern, string path) => Parse(pattern, path, isGeneral: false);

    /// <summary>With <paramref name="isGeneral"/> the engine itself, also for an expression that has a matcher of its own.</summary>
    internal static OnigRegex Parse(string pattern, string path, bool isGeneral)
    {
        if (!isGeneral && KnownExpression.Of(pattern) is { } known)
            return new(pattern, known, () => new OnigParser(pattern, path).Parse());
        RegexNode node = new OnigParser(pattern, path).Parse();
        if (node.Size > Limits.ExpressionSize)
        {
            throw new ColbertException(
                ColbertErrorId.TokenizerUnsupported,
                $"The expression at {path} is too large (the limit {nameof(Limits.ExpressionSize)}): {pattern}", path,
                "Use a tokenizer whose expressions this version knows, or report the expression.");
        }
        return new(pattern, null, () => node);
    }

    /// <summary>The first match at or after <paramref name="start"/>, which must not lie inside a code point.</summary>
    public bool Find(ReadOnlySpan<char> text, int start, out int matchStart, out int matchEnd)
    {
        if (Known is not null)
        {
            (matchStart, matchEnd) = start < text.Length ? (start, Known.End(text, start)) : (-1, -1);
            return matchStart >= 0;
        }
        OnigMatcher matcher = Rent(null);
        bool found = matcher.Find(this, text, start, out matchStart, out matchEnd);
        Return(matcher);
        return found;
    }

    /// <summary>All matches in order, as the original iterates over them: no empty match right behind another match.</summary>
    public OnigMatches EnumerateMatches(ReadOnlySpan<char> text, TextGuard? guard = null) => new(this, text, Rent(guard));

    internal static void Return(OnigMatcher matcher) => spare = matcher.IsGiant ? null : matcher;

    private static OnigMatcher Rent(TextGuard? guard)
    {
        OnigMatcher matcher = spare ?? new();
        spare = null;
        matcher.Reset(guard ?? new TextGuard());
        return matcher;
    }
}
