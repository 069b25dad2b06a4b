namespace ColbertOnnx.Text.Expressions;

/// <summary>An expression as the parser understood it.</summary>
internal abstract record RegexNode
{
    /// <summary>One code point.</summary>
    public sealed record One(CodePointSet Set) : RegexNode;

    public sealed record Sequence(RegexNode[] Parts) : RegexNode;

    public sealed record Choice(RegexNode[] Options) : RegexNode;

    /// <summary><paramref name="Max"/> -1: without end.</summary>
    public sealed record Repeat(RegexNode Body, int Min, int Max, RepeatKind Kind) : RegexNode;

    public sealed record Atomic(RegexNode Body) : RegexNode;

    public sealed record Look(RegexNode Body, bool Behind, bool Negative) : RegexNode;

    public sealed record Position(PositionKind Kind) : RegexNode;

    public static readonly RegexNode Nothing = new Sequence([]);

    /// <summary>Can it match without a code point?</summary>
    public bool IsNullable => MinLength == 0;

    /// <summary>The fewest code points it matches.</summary>
    public int MinLength => this switch
    {
        One => 1,
        Sequence s => s.Parts.Aggregate(0, (sum, p) => Math.Min(Limit, sum + p.MinLength)),
        Choice c => c.Options.Min(o => o.MinLength),
        Repeat r => (int)Math.Min(Limit, (long)r.Min * r.Body.MinLength),
        Atomic a => a.Body.MinLength,
        _ => 0,
    };

    /// <summary>The most code points it matches; <see cref="Limit"/> stands for that many or more.</summary>
    public int MaxLength => this switch
    {
        One => 1,
        Sequence s => s.Parts.Aggregate(0, (sum, p) => Math.Min(Limit, sum + p.MaxLength)),
        Choice c => c.Options.Max(o => o.MaxLength),
        Repeat r => Times(r.Body.MaxLength, r.Max),
        Atomic a => a.Body.MaxLength,
        _ => 0,
    };

    /// <summary>About how many instructions it takes; a million stands for that many or more.</summary>
    public int Size => (int)Math.Min(1_000_000, this switch
    {
        Sequence s => s.Parts.Sum(p => (long)p.Size),
        Choice c => c.Options.Sum(o => o.Size + 2L),
        Repeat r => (r.Max < 0 ? r.Min + 1L : r.Max) * (r.Body.Size + 2L),
        Atomic a => a.Body.Size + 2L,
        Look l => l.Body.Size + 2L,
        _ => 1L,
    });

    public const int Limit = 256;

    // The body's length is asked for once: twice at each of many levels would be without end.
    private static int Times(int length, int max) =>
        length == 0 ? 0 : max < 0 ? Limit : (int)Math.Min(Limit, (long)max * length);
}

internal enum RepeatKind
{
    Greedy,
    Lazy,
    Possessive,
}

internal enum PositionKind
{
    TextStart,
    TextEnd,
    TextEndOrNewline,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
