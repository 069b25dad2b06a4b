using ColbertOnnx.Text;

namespace ColbertOnnx.Tokenization.Models;

/// <summary>The symbols of a word while they are merged: the pair of lowest rank first, of equal ones the leftmost.</summary>
internal sealed class BpeWord
{
    // Up to here looking through all pairs is faster than keeping a heap.
    private const int Short = 40;

    private Symbol[] symbols = new Symbol[64];
    private ulong[] merges = new ulong[64];
    private ulong[] heap = new ulong[64];
    private int heapCount;

    public int Count { get; private set; }

    public ReadOnlySpan<Symbol> Symbols => symbols.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(int id, int start, int end, int bytes)
    {
        if (Count == symbols.Length) Array.Resize(ref symbols, Count * 2);
        symbols[Count++] = new Symbol(id, start, end, bytes);
    }

    public void Merge(BpeMerges table, TextGuard guard)
    {
        if (Count < 2) return;
        if (merges.Length < Count) merges = new ulong[symbols.Length];
        for (int i = 0; i + 1 < Count; i++)
            merges[i] = table.Find(symbols[i].Id, symbols[i + 1].Id);
        merges[Count - 1] = BpeMerges.None;
        if (Count <= Short) MergeShort(table);
        else MergeLong(table, guard);
    }

    private void MergeShort(BpeMerges table)
    {
        Span<Symbol> word = symbols;
        Span<ulong> pairs = merges;
        while (true)
        {
            int best = 0;
            for (int i = 1; i < Count - 1; i++)
            {
                if (pairs[i] < pairs[best]) best = i;
            }

            if (pairs[best] == BpeMerges.None) return;
            word[best] = word[best].With(word[best + 1], (int)(uint)pairs[best]);
            Count--;
            word.Slice(best + 2, Count - best - 1).CopyTo(word[(best + 1)..]);
            pairs.Slice(best + 1, Count - best).CopyTo(pairs[best..]);
            if (best + 1 < Count) pairs[best] = table.Find(word[best].Id, word[best + 1].Id);
            if (best > 0) pairs[best - 1] = table.Find(word[best - 1].Id, word[best].Id);
        }
    }

    // n log n: the heap holds ranks and places; an entry counts only while its pair still stands there.
    private void MergeLong(BpeMerges table, TextGuard guard)
    {
        Span<Symbol> word = symbols.AsSpan(0, Count);
        if (heap.Length < Count) heap = new ulong[symbols.Length];
        heapCount = 0;
        for (int i = 0; i < word.Length; i++)
        {
            (word[i].Previous, word[i].Next) = (i - 1, i + 1 < word.Length ? i + 1 : -1);
            if (merges[i] != BpeMerges.None) Push(merges[i] & ~0xFFFFFFFFUL | (uint)i);
        }

        int look = TextGuard.Stride, pops = 0;
        for (; heapCount > 0; pops++)
        {
            if (pops >= look) look = guard.Look(pops);
            ulong top = Pop();
            int at = (int)(uint)top;
            if (word[at].Bytes == 0 || merges[at] == BpeMerges.None || merges[at] >> 32 != top >> 32) continue;
            int right = word[at].Next;
            int next = word[right].Next, previous = word[at].Previous;
            word[at] = word[at].With(word[right], (int)(uint)merges[at]);
            (word[at].Previous, word[at].Next) = (previous, next);
            word[right].Bytes = 0;
            if (next >= 0) word[next].Previous = at;
            merges[at] = next < 0 ? BpeMerges.None : Enqueue(table, at, next);
            if (previous >= 0) merges[previous] = Enqueue(table, previous, at);
        }

        guard.Count(pops);
        int kept = 0;
        foreach (Symbol symbol in word)
        {
            if (symbol.Bytes > 0) word[kept++] = symbol;
        }

        Count = kept;
    }

    private ulong Enqueue(BpeMerges table, int left, int right)
    {
        ulong merge = table.Find(symbols[left].Id, symbols[right].Id);
        if (merge != BpeMerges.None) Push(merge & ~0xFFFFFFFFUL | (uint)left);
        return merge;
    }

    private void Push(ulong entry)
    {
        if (heapCount == heap.Length) Array.Resize(ref heap, heapCount * 2);
        int at = heapCount++;
        for (; at > 0 && heap[(at - 1) >> 1] > entry; at = (at - 1) >> 1)
            heap[at] = heap[(at - 1) >> 1];
        heap[at] = entry;
    }

    private ulong Pop()
    {
        ulong top = heap[0], last = heap[--heapCount];
        int at = 0;
        for (int child = 1; child < heapCount; child = at * 2 + 1)
        {
            if (child + 1 < heapCount && heap[child + 1] < heap[child]) child++;
            if (heap[child] >= last) break;
            heap[at] = heap[child];
            at = child;
        }

        heap[at] = last;
        return top;
    }

    /// <summary>A piece of the word: its place in units of the word and how many bytes of UTF-8 it counts for.</summary>
    internal struct Symbol(int id, int start, int end, int bytes)
    {
        public int Id = id, Start = start, End = end, Bytes = bytes, Previous, Next;

        public readonly Symbol With(Symbol right, int newId) => new(newId, Start, right.End, Bytes + right.Bytes);
    }
}
