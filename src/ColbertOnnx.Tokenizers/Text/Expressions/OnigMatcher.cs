using System.Numerics;

namespace ColbertOnnx.Text.Expressions;

/// <summary>
/// Runs instructions over a text: backtracking, the first alternative wins. The quick program counts its steps, and when
/// they grow out of proportion to the text, the search starts again with a program that remembers which choices failed
/// where, so that no expression needs more time than its length times the text's. One thread at a time.
/// </summary>
internal sealed partial class OnigMatcher
{
    private int[] stack = new int[192];
    private int top;
    private bool remembers;
    private bool overrun;
    private long steps;
    private long limit;
    private long look;
    private TextGuard guard = new();
    private int searchStart;
    private int attempt;

    /// <summary>
    /// Where the first attempt began that came to the end of the text, since <see cref="Reset"/>: had the text been longer,
    /// everything found by attempts before that would have been found as well.
    /// </summary>
    public int EndSeenFrom { get; private set; }

    /// <summary>Forgets what was remembered of another text or another expression.</summary>
    public void Reset(TextGuard watching)
    {
        guard = watching;
        (remembers, steps, limit, searchStart) = (false, 0, 20_000, -1);
        look = TextGuard.Stride;
        EndSeenFrom = int.MaxValue;
        Forget();
    }

    /// <summary>The first match at or after <paramref name="start"/>.</summary>
    public bool Find(OnigRegex regex, ReadOnlySpan<char> text, int start, out int matchStart, out int matchEnd)
    {
        if (!remembers)
        {
            overrun = false;
            if (searchStart < 0)
                searchStart = start;
            bool found = Search(regex.Program, regex.FirstSet, text, start, out matchStart, out matchEnd);
            if (!overrun)
                return found;
            StartRemembering(regex);
        }
        return Search(regex.MemoryProgram, regex.FirstSet, text, start, out matchStart, out matchEnd);
    }

    private bool Search(
        OnigInstruction[] program, CodePointSet? first, ReadOnlySpan<char> text, int start, out int matchStart, out int matchEnd)
    {
        int next = start + TextGuard.Stride;
        for (int at = start; at <= text.Length;)
        {
            if (at >= next)
                next = guard.Look(at);
            if (first is null || (at < text.Length && first.MatchAt(text, at) > 0))
            {
                (top, attempt) = (0, at);
                if (Run(program, 0, text, at, -1, Aim.Match, out matchEnd))
                {
                    matchStart = at;
                    return true;
                }
                if (overrun && !remembers)
                    break;
            }
            if (at == text.Length)
                break;
            CodePoint.At(text, at, out int length);
            at += length;
        }
        matchStart = matchEnd = -1;
        return false;
    }

    // What a run is for: the match itself, whether there is one (look-ahead), or its first end (atomic group).
    private enum Aim
    {
        Match,
        Look,
        Atomic,
    }

    // required: where the body of a look-behind has to end, else -1.
    private bool Run(OnigInstruction[] program, int pc, ReadOnlySpan<char> text, int position, int required, Aim aim, out int end)
    {
        int floor = top;
        bool memory = remembers && required < 0;
        for (; ; )
        {
            if (position >= text.Length)
                SeeEnd();
            OnigInstruction instruction = program[pc];
            switch (instruction.Op)
            {
                case OnigOp.One:
                    int length = position < text.Length ? instruction.Set.MatchAt(text, position) : 0;
                    if (length == 0)
                        break;
                    position += length;
                    pc++;
                    continue;
                case OnigOp.Run or OnigOp.RunAll:
                    if (!RunSet(instruction, pc, text, ref position))
                        break;
                    pc++;
                    continue;
                case OnigOp.RunLazy:
                    int count = 0;
                    for (; count < instruction.X && position < text.Length
                        && (length = instruction.Set.MatchAt(text, position)) > 0; count++)
                        position += length;
                    if (position == text.Length)
                        SeeEnd();
                    if (count < instruction.X)
                        break;
                    if (count != instruction.Y)
                        Push(pc, position, count);
                    pc++;
                    continue;
                case OnigOp.Choice:
                    int mask = position < text.Length ? instruction.MaskOf(CodePoint.At(text, position, out _)) : instruction.Masks[128];
                    if (mask == 0)
                        break;
                    if (memory)
                    {
                        if (HasFailed(instruction.Y, position))
                            break;
                        if (aim != Aim.Match && KnownEnd(instruction.Y, position, out end))
                        {
                            RememberEnd(program, floor, end);
                            top = floor;
                            return true;
                        }
                        Push(~pc, position, 0); // when this comes up, every way has failed
                    }
                    else if (remembers && !Enter(instruction.Y, position))
                    {
                        break;
                    }
                    pc = Way(instruction, pc, position, mask);
                    continue;
                case OnigOp.Jump:
                    pc = instruction.X;
                    continue;
                case OnigOp.Position:
                    if (position + 1 >= text.Length)
                        SeeEnd();
                    if (!IsAt((PositionKind)instruction.X, text, position))
                        break;
                    pc++;
                    continue;
                case OnigOp.AheadOne:
                    if ((position < text.Length && instruction.Set.MatchAt(text, position) > 0) == (instruction.X != 0))
                        break;
                    pc++;
                    continue;
                case OnigOp.BehindOne:
                    if ((position > 0 && instruction.Set.Contains(CodePoint.Before(text, position, out _))) == (instruction.X != 0))
                        break;
                    pc++;
                    continue;
                case OnigOp.Ahead:
                    if (Run(program, pc + 1, text, position, -1, Aim.Look, out _) == (instruction.Y != 0) || overrun)
                        break;
                    pc = instruction.X;
                    continue;
                case OnigOp.Behind:
                    if (IsBehind(program, pc, text, position) == (instruction.Y != 0) || overrun)
                        break;
                    pc = instruction.X;
                    continue;
                case OnigOp.Atomic:
                    if (!Run(program, pc + 1, text, position, -1, Aim.Atomic, out int after))
                        break;
                    position = after;
                    pc = instruction.X;
                    continue;
                case OnigOp.End when required >= 0 && position != required:
                    break;
                case OnigOp.End:
                    if (memory && aim != Aim.Match)
                        RememberEnd(program, floor, position);
                    end = position;
                    top = floor;
                    return true;
            }
            if (!Back(program, floor, text, ref pc, ref position))
            {
                end = -1;
                top = floor;
                return false;
            }
        }
    }

    private void Step(int count)
    {
        steps += count;
        if (steps >= look)
            Look();
    }

    private void Look()
    {
        guard.Look(0);
        guard.Count(steps - look + TextGuard.Stride);
        look = steps + TextGuard.Stride;
    }

    private void SeeEnd() => SeeEnd(attempt);

    internal void SeeEnd(int attempt) => EndSeenFrom = Math.Min(EndSeenFrom, attempt);

    private bool RunSet(OnigInstruction instruction, int pc, ReadOnlySpan<char> text, ref int position)
    {
        CodePointSet set = instruction.Set;
        int start = position, least = position, at = position, count = 0, max = instruction.Y;
        while (count != max && at < text.Length)
        {
            int length = set.MatchAt(text, at);
            if (length == 0)
                break;
            at += length;
            if (++count == instruction.X)
                least = at;
        }
        if (at == text.Length)
            SeeEnd();
        if (count < instruction.X)
            return false;
        Step(at - start);
        if (instruction.Op == OnigOp.Run && at > least)
            Push(pc, at, least);
        position = at;
        return true;
    }

    // Takes the first way of the mask and leaves the others for later.
    private int Way(OnigInstruction choice, int pc, int position, int mask)
    {
        int way = BitOperations.TrailingZeroCount(mask);
        mask &= mask - 1;
        Step(1);
        if (mask != 0)
            Push(pc, position, mask);
        return choice.Targets[way];
    }

    // The last decision that has another way; false when there is none above the floor.
    private bool Back(OnigInstruction[] program, int floor, ReadOnlySpan<char> text, ref int pc, ref int position)
    {
        Step(1);
        if (!remembers && (overrun || (steps > limit && IsOverrun(position))))
        {
            overrun = true;
            return false;
        }
        while (top > floor)
        {
            top -= 3;
            int at = stack[top], data = stack[top + 2];
            position = stack[top + 1];
            if (at < 0)
            {
                RememberFailure(program[~at].Y, position);
                continue;
            }
            OnigInstruction instruction = program[at];
            switch (instruction.Op)
            {
                case OnigOp.Choice:
                    pc = Way(instruction, at, position, data);
                    return true;
                case OnigOp.Run:
                    CodePoint.Before(text, position, out int length);
                    position -= length;
                    if (position > data)
                    {
                        stack[top + 1] = position;
                        top += 3;
                    }
                    pc = at + 1;
                    return true;
                default: // RunLazy: one more
                    length = position < text.Length ? instruction.Set.MatchAt(text, position) : 0;
                    if (length == 0)
                        continue;
                    position += length;
                    if (data + 1 != instruction.Y)
                        Push(at, position, data + 1);
                    pc = at + 1;
                    return true;
            }
        }
        return false;
    }

    // Sixteen steps for each unit that was reached are in proportion, over all searches in one text.
    private bool IsOverrun(int position)
    {
        limit = Math.Max(limit, 20_000 + 16L * (position - searchStart));
        return steps > limit;
    }

    private static bool IsAt(PositionKind kind, ReadOnlySpan<char> text, int position) => kind switch
    {
        PositionKind.TextStart => position == 0,
        PositionKind.TextEnd => position == text.Length,
        PositionKind.TextEndOrNewline => position == text.Length || (position == text.Length - 1 && text[position] == '\n'),
        PositionKind.LineStart => position == 0 || (position < text.Length && text[position - 1] == '\n'),
        PositionKind.LineEnd => position == text.Length || text[position] == '\n',
        _ => IsWordBoundary(text, position) == (kind == PositionKind.WordBoundary),
    };

    private static bool IsWordBoundary(ReadOnlySpan<char> text, int position) =>
        (position > 0 && CharacterClasses.Word.Contains(CodePoint.Before(text, position, out _)))
        != (position < text.Length && CharacterClasses.Word.MatchAt(text, position) > 0);

    private void Push(int pc, int position, int data)
    {
        if (top + 3 > stack.Length)
            GrowStack();
        stack[top] = pc;
        stack[top + 1] = position;
        stack[top + 2] = data;
        top += 3;
    }
}
