namespace ColbertOnnx.Text.Expressions;

/// <summary>Turns an expression into instructions.</summary>
/// <param name="runs">Loops over one set as single instructions; without them every loop is a choice, which can be remembered.</param>
internal sealed class OnigCompiler(bool runs)
{
    private const int MaxWays = 30;
    private readonly List<OnigInstruction> program = [];

    /// <summary>What can come first; open: also nothing, or it is not known.</summary>
    private readonly record struct First(CodePointSet Set, bool IsOpen)
    {
        public static readonly First Anything = new(CodePointSet.Empty, true);

        public First Then(First next) => IsOpen ? new(Set.Union(next.Set), next.IsOpen) : this;
    }

    /// <summary>Choices and look-behinds, each with a number of its own: what a matcher may remember.</summary>
    public int Choices { get; private set; }

    public OnigInstruction[] Compile(RegexNode node)
    {
        Emit(node, First.Anything, isLast: true);
        program.Add(new(OnigOp.End));
        return [.. program];
    }

    /// <summary>The set that a match begins with, or null when it can be empty.</summary>
    public static CodePointSet? Start(RegexNode node)
    {
        First first = FirstOf(node);
        return first.IsOpen ? null : first.Set;
    }

    private static First FirstOf(RegexNode node) => node switch
    {
        RegexNode.One one => new(one.Set, false),
        RegexNode.Sequence sequence => FirstOfSequence(sequence.Parts),
        RegexNode.Choice choice => FirstOfChoice(choice.Options),
        RegexNode.Repeat { Max: 0 } => First.Anything,
        RegexNode.Repeat repeat when FirstOf(repeat.Body) is var body => new(body.Set, body.IsOpen || repeat.Min == 0),
        RegexNode.Atomic atomic => FirstOf(atomic.Body),
        _ => First.Anything,
    };

    private static First FirstOfChoice(RegexNode[] options)
    {
        var sets = new CodePointSet[options.Length];
        bool isOpen = false;
        for (int i = 0; i < options.Length; i++)
        {
            First first = FirstOf(options[i]);
            sets[i] = first.Set;
            isOpen |= first.IsOpen;
        }
        return new(CodePointSet.UnionOf(sets), isOpen);
    }

    private static First FirstOfSequence(RegexNode[] parts)
    {
        First first = First.Anything;
        for (int i = parts.Length - 1; i >= 0; i--)
            first = FirstOf(parts[i]).Then(first);
        return first;
    }

    // isLast: nothing comes after it but the end, wherever that is.
    private void Emit(RegexNode node, First follow, bool isLast)
    {
        switch (node)
        {
            case RegexNode.One one:
                program.Add(new(OnigOp.One) { Set = one.Set });
                break;
            case RegexNode.Sequence sequence:
                EmitSequence(sequence.Parts, follow, isLast);
                break;
            case RegexNode.Choice choice:
                EmitChoice(choice.Options, follow, isLast);
                break;
            case RegexNode.Position position:
                program.Add(new(OnigOp.Position) { X = (int)position.Kind });
                break;
            case RegexNode.Atomic atomic:
                EmitBody(new(OnigOp.Atomic), atomic.Body, true);
                break;
            case RegexNode.Look { Body: RegexNode.One one } look:
                program.Add(new(look.Behind ? OnigOp.BehindOne : OnigOp.AheadOne) { Set = one.Set, X = look.Negative ? 1 : 0 });
                break;
            case RegexNode.Look look:
                EmitBody(
                    new(look.Behind ? OnigOp.Behind : OnigOp.Ahead)
                    {
                        Y = look.Negative ? 1 : 0,
                        Number = look.Behind ? Choices++ : 0,
                        Min = look.Body.MinLength,
                        Max = look.Body.MaxLength,
                    },
                        look.Body, !look.Behind);
                break;
            case RegexNode.Repeat repeat:
                EmitRepeat(repeat, follow, isLast);
                break;
        }
    }

    private void EmitSequence(RegexNode[] parts, First follow, bool isLast)
    {
        // What follows each part, from the end: anew for each part it would be the square of their number.
        var follows = new First[parts.Length];
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            follows[i] = follow;
            follow = FirstOf(parts[i]).Then(follow);
        }
        for (int i = 0; i < parts.Length; i++)
            Emit(parts[i], follows[i], isLast && i == parts.Length - 1);
    }

    private void EmitBody(OnigInstruction instruction, RegexNode body, bool endsAnywhere)
    {
        program.Add(instruction);
        Emit(body, First.Anything, endsAnywhere);
        program.Add(new(OnigOp.End));
        instruction.X = program.Count;
    }

    private void EmitRepeat(RegexNode.Repeat repeat, First follow, bool isLast)
    {
        if (repeat.Max == 0)
            return;
        if (runs && repeat.Body is RegexNode.One one)
        {
            bool all = repeat.Kind == RepeatKind.Possessive
                || (repeat.Kind == RepeatKind.Greedy && (isLast || (!follow.IsOpen && one.Set.Intersect(follow.Set).IsEmpty)));
            program.Add(new(all ? OnigOp.RunAll : repeat.Kind == RepeatKind.Lazy ? OnigOp.RunLazy : OnigOp.Run)
            {
                Set = one.Set,
                X = repeat.Min,
                Y = repeat.Max,
            });
            return;
        }
        if (repeat.Kind == RepeatKind.Possessive)
        {
            EmitBody(new(OnigOp.Atomic), repeat with { Kind = RepeatKind.Greedy }, true);
            return;
        }
        First body = FirstOf(repeat.Body), again = repeat.Max == 1 ? follow : new First(body.Set, true).Then(follow);
        for (int i = 0; i < repeat.Min; i++)
            Emit(repeat.Body, again, false);
        bool isLazy = repeat.Kind == RepeatKind.Lazy;
        if (repeat.Max < 0)
        {
            int loop = program.Count;
            OnigInstruction choice = Choose([body.Then(again), follow], isLazy);
            Emit(repeat.Body, again, false);
            program.Add(new(OnigOp.Jump) { X = loop });
            Point(choice, isLazy, loop + 1, program.Count);
            return;
        }
        var choices = new List<(OnigInstruction Choice, int Body)>();
        for (int i = repeat.Min; i < repeat.Max; i++)
        {
            choices.Add((Choose([body.Then(again), follow], isLazy), program.Count));
            Emit(repeat.Body, again, isLast && i == repeat.Max - 1);
        }
        foreach ((OnigInstruction choice, int start) in choices)
            Point(choice, isLazy, start, program.Count);
    }

    private static void Point(OnigInstruction choice, bool isLazy, int body, int exit)
    {
        choice.Targets[isLazy ? 1 : 0] = body;
        choice.Targets[isLazy ? 0 : 1] = exit;
    }

    private void EmitChoice(ReadOnlySpan<RegexNode> options, First follow, bool isLast)
    {
        if (options.Length > MaxWays)
        {
            RegexNode rest = new RegexNode.Choice(options[(MaxWays - 1)..].ToArray());
            EmitChoice([.. options[..(MaxWays - 1)], rest], follow, isLast);
            return;
        }
        var firsts = new First[options.Length];
        for (int i = 0; i < options.Length; i++)
            firsts[i] = FirstOf(options[i]).Then(follow);
        OnigInstruction choice = Choose(firsts, false);
        var jumps = new List<OnigInstruction>();
        for (int i = 0; i < options.Length; i++)
        {
            choice.Targets[i] = program.Count;
            Emit(options[i], follow, isLast);
            if (i == options.Length - 1)
                break;
            jumps.Add(new(OnigOp.Jump));
            program.Add(jumps[^1]);
        }
        foreach (OnigInstruction jump in jumps)
            jump.X = program.Count;
    }

    private OnigInstruction Choose(First[] firsts, bool reverse)
    {
        if (reverse)
            Array.Reverse(firsts);
        CodePointSet?[] sets = [.. firsts.Select(f => f.IsOpen ? null : f.Set)];
        var masks = new int[129];
        for (int i = 0; i < sets.Length; i++)
        {
            for (int cp = 0; cp < 128; cp++)
                masks[cp] |= sets[i]?.Contains(cp) == false ? 0 : 1 << i;
            masks[128] |= sets[i] is null ? 1 << i : 0;
        }
        var choice = new OnigInstruction(OnigOp.Choice) { Targets = new int[sets.Length], Firsts = sets, Masks = masks, Y = Choices++ };
        program.Add(choice);
        return choice;
    }
}
