namespace ColbertOnnx.Text;

/// <summary>
/// A regular expression of a tokenizer.json, in Oniguruma's dialect, over whole code points. An expression that cannot be
/// mapped exactly is <see cref="ColbertErrorId.TokenizerUnsupported"/>.
/// </summary>
internal sealed class OnigRegex
{
    [ThreadStatic]
    private static OnigMatcher? spare;

    private readonly RegexNode node;
    private readonly Lazy<(OnigInstruction[] Program, int Choices)> memory;

    private OnigRegex(string pattern, RegexNode node, OnigInstruction[] program)
    {
        Pattern = pattern;
        this.node = node;
        Program = program;
        FirstSet = OnigCompiler.Start(node);
        memory = new(() =>
        {
            var compiler = new OnigCompiler(runs: false);
            return (compiler.Compile(this.node) ?? Program, compiler.Choices);
        });
    }

    public string Pattern { get; }

    internal OnigInstruction[] Program { get; }

    internal CodePointSet? FirstSet { get; }

    internal OnigInstruction[] MemoryProgram => memory.Value.Program;

    internal int MemoryChoices => memory.Value.Choices;

    /// <param name="pattern">The expression.</param>
    /// <param name="path">Where in the file it stands, for the error.</param>
    public static OnigRegex Parse(string pattern, string path)
    {
        RegexNode node = new OnigParser(pattern, path).Parse();
        OnigInstruction[]? program = new OnigCompiler(runs: true).Compile(node);
        if (program is null || new OnigCompiler(runs: false).Compile(node) is null)
        {
            throw new ColbertException(ColbertErrorId.TokenizerUnsupported, $"The expression at {path} is too large: {pattern}", path,
                "Use a tokenizer whose expressions this version knows, or report the expression.");
        }
        return new(pattern, node, program);
    }

    /// <summary>The first match at or after <paramref name="start"/>, which must not lie inside a code point.</summary>
    public bool Find(ReadOnlySpan<char> text, int start, out int matchStart, out int matchEnd)
    {
        OnigMatcher matcher = Rent();
        bool found = matcher.Find(this, text, start, out matchStart, out matchEnd);
        spare = matcher;
        return found;
    }

    /// <summary>All matches in order, as the original iterates over them: no empty match right behind another match.</summary>
    public OnigMatches EnumerateMatches(ReadOnlySpan<char> text) => new(this, text, Rent());

    internal static void Return(OnigMatcher matcher) => spare = matcher;

    private static OnigMatcher Rent()
    {
        OnigMatcher matcher = spare ?? new();
        spare = null;
        matcher.Reset();
        return matcher;
    }
}
