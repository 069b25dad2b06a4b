namespace ColbertOnnx.Text.Expressions;

internal enum OnigOp
{
    /// <summary>The end of the expression, or of the body of a look-around or an atomic group.</summary>
    End,
    /// <summary>One code point of Set.</summary>
    One,
    /// <summary>X to Y (-1: any number) of Set, as many as possible, fewer when what follows fails.</summary>
    Run,
    /// <summary>The same, never fewer.</summary>
    RunAll,
    /// <summary>The same, as few as possible, more when what follows fails.</summary>
    RunLazy,
    /// <summary>Goes to each of Targets in turn until one leads to a match. Y is its number in the program.</summary>
    Choice,
    /// <summary>Goes on at X.</summary>
    Jump,
    /// <summary>The PositionKind in X.</summary>
    Position,
    /// <summary>The next code point is in Set (X 0) or is not, or there is none (X 1).</summary>
    AheadOne,
    /// <summary>The code point before is in Set (X 0) or is not, or there is none (X 1).</summary>
    BehindOne,
    /// <summary>The body that follows matches here (Y 0) or not (Y 1); then on at X.</summary>
    Ahead,
    /// <summary>The body that follows matches Min to Max code points up to here (Y 0) or not (Y 1); then on at X.</summary>
    Behind,
    /// <summary>The body that follows, its first way only; then on at X.</summary>
    Atomic,
}

internal sealed class OnigInstruction(OnigOp op)
{
    public OnigOp Op { get; } = op;

    public CodePointSet Set { get; init; } = CodePointSet.Empty;

    public int X { get; set; }

    public int Y { get; set; }

    /// <summary>Of a look-behind: its number among the choices of the program.</summary>
    public int Number { get; init; }

    public int Min { get; init; }

    public int Max { get; init; }

    /// <summary>Where the ways of a choice begin.</summary>
    public int[] Targets { get; init; } = [];

    /// <summary>What each way can begin with; null: unknown.</summary>
    public CodePointSet?[] Firsts { get; init; } = [];

    /// <summary>Which ways are worth trying: a bit for each way, for each ASCII character and, last, for the end of the text.</summary>
    public int[] Masks { get; init; } = [];

    public int MaskOf(int cp)
    {
        if (cp < 128)
            return Masks[cp];
        int mask = 0;
        for (int i = 0; i < Firsts.Length; i++)
        {
            if (Firsts[i]?.Contains(cp) != false)
                mask |= 1 << i;
        }
        return mask;
    }
}
