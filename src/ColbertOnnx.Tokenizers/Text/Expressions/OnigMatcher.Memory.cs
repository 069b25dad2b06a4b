namespace ColbertOnnx.Text.Expressions;

internal sealed partial class OnigMatcher
{
    private const int PageBits = 12;
    private const long LargestKept = 16L << 20;
    private const int BytesOfEntry = 20;

    // For each choice at each position: 0 nothing known, -1 every way failed, else 1 + where the body around it ends.
    private readonly Dictionary<long, int[]> pages = [];
    private int choices;

    /// <summary>It has grown beyond what is kept for the next text.</summary>
    internal bool IsGiant => Bytes > LargestKept;

    private long Bytes
    {
        get
        {
            long bytes = ((long)pages.Count * sizeof(int) << PageBits) + ((long)stack.Length * sizeof(int));
            foreach (HashSet<long> choice in entered)
                bytes += (long)choice.Capacity * BytesOfEntry;
            return bytes;
        }
    }

    internal void StartRemembering(OnigRegex regex)
    {
        Forget();
        choices = regex.MemoryChoices;
        remembers = true;
        overrun = false;
    }

    private void Forget()
    {
        behinds = 0;
        if (pages.Count > 0)
            pages.Clear();
    }

    private long StateOf(int choice, int position) => (long)position * choices + choice;

    private bool HasFailed(int choice, int position) => Recall(StateOf(choice, position)) == -1;

    private bool KnownEnd(int choice, int position, out int end)
    {
        end = Recall(StateOf(choice, position)) - 1;
        return end >= 0;
    }

    private void RememberFailure(int choice, int position) => Set(StateOf(choice, position), -1);

    // What is still open on the stack above the floor lies on the way to this end.
    private void RememberEnd(OnigInstruction[] program, int floor, int end)
    {
        for (int i = floor; i < top; i += 3)
        {
            if (stack[i] < 0)
                Set(StateOf(program[~stack[i]].Y, stack[i + 1]), end + 1);
        }
    }

    private int Recall(long state) => pages.TryGetValue(state >> PageBits, out int[]? page) ? page[state & ((1 << PageBits) - 1)] : 0;

    private void Set(long state, int value)
    {
        if (!pages.TryGetValue(state >> PageBits, out int[]? page))
        {
            guard.CheckMemory(Bytes + (sizeof(int) << PageBits));
            pages.Add(state >> PageBits, page = new int[1 << PageBits]);
        }
        page[state & ((1 << PageBits) - 1)] = value;
    }

    private void GrowStack()
    {
        guard.CheckMemory(Bytes + ((long)stack.Length * sizeof(int)));
        Array.Resize(ref stack, stack.Length * 2);
    }
}
