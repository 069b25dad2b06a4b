namespace ColbertOnnx.Text.Expressions;

internal sealed partial class OnigMatcher
{
    // The choices that came up, and where, in the look-behinds that are being tried: the outermost first.
    private readonly List<HashSet<long>> entered = [];
    private int behinds;

    private bool IsBehind(OnigInstruction[] program, int pc, ReadOnlySpan<char> text, int position)
    {
        if (!remembers)
            return TryBehind(program, pc, text, position);
        // Nothing but the place decides, so that look-behinds within each other do not multiply.
        long state = StateOf(program[pc].Number, position);
        int known = Recall(state);
        if (known == 0)
        {
            if (behinds == entered.Count)
                entered.Add([]);
            entered[behinds++].Clear();
            known = TryBehind(program, pc, text, position) ? 1 : -1;
            behinds--;
            Set(state, known);
        }
        return known > 0;
    }

    private bool TryBehind(OnigInstruction[] program, int pc, ReadOnlySpan<char> text, int position)
    {
        OnigInstruction look = program[pc];
        int from = position;
        for (int count = 0; count <= look.Max; count++)
        {
            if (count >= look.Min && Run(program, pc + 1, text, from, position, Aim.Look, out _))
                return true;
            if (overrun || from == 0)
                break;
            CodePoint.Before(text, from, out int length);
            from -= length;
        }
        return false;
    }

    // False: it came up there before, from this beginning or another one. All its ways are tried before the look-behind fails, and one
    // that leads to the end is enough.
    private bool Enter(int choice, int position) => entered[behinds - 1].Add(StateOf(choice, position));
}
