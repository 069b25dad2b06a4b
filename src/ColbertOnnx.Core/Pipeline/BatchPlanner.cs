using System.Buffers;
using ColbertOnnx.Modeling;

namespace ColbertOnnx.Pipeline;

/// <summary>
/// Which sequences share a batch. Batching pays only for short ones, where the fixed cost of a <c>Run</c> (some 450 graph nodes,
/// worth about twelve tokens of arithmetic) weighs; the matrix kernels themselves are at full speed from 16 tokens up, and a batch
/// of more than a few hundred tokens leaves the CPU's second-level cache and loses up to 30 %.
/// </summary>
internal static class BatchPlanner
{
    /// <summary>Sequences of this length and longer are not batched (above <see cref="GraphLimits.BlockedFrom"/> never).</summary>
    public const int UnbatchedFrom = 128;

    /// <summary>Batches are not cut below this many tokens to give every lane something.</summary>
    public const int LeastTokens = 128;

    /// <summary>
    /// Largest batch size x length of a planned batch; between this and <see cref="LeastTokens"/> the measured optimum is flat.
    /// </summary>
    public const int MostTokens = 384;

    /// <summary>Fixed cost of a <c>Run</c> in tokens: what padding is weighed against.</summary>
    private const int RunCost = 12;

    /// <summary>Bound on batch size x length x length, the scores of one attention head, for batches that a user asked for.</summary>
    private const long MostAttention = 1L << 26;

    /// <summary>
    /// Fills <paramref name="order"/> with the indices of the sequences and <paramref name="batches"/> with runs of that order.
    /// Batches come in the order of their earliest sequence, so that the first results are ready first.
    /// </summary>
    /// <param name="lengths">Tokens of each sequence, at least one.</param>
    /// <param name="batchSize">Sequences of a batch as the user wants it; null: by length.</param>
    /// <param name="lanes">Batches that run side by side: few sequences are spread over them.</param>
    /// <param name="limits">Of the texts' kind.</param>
    /// <param name="rules">How batches are made for what runs them; null: for the CPU.</param>
    public static void Plan(
        ReadOnlySpan<int> lengths, int? batchSize, int lanes, Span<int> order, List<PlannedBatch> batches, SequenceLimits limits,
        BatchPolicy? rules = null)
    {
        batches.Clear();
        long[] rented = ArrayPool<long>.Shared.Rent(lengths.Length);
        Span<long> keys = rented.AsSpan(0, lengths.Length);
        for (int i = 0; i < keys.Length; i++) keys[i] = ((long)lengths[i] << 32) | (uint)i;
        if (batchSize != 1) keys.Sort();
        for (int i = 0; i < keys.Length; i++) order[i] = (int)(uint)keys[i];

        rules ??= BatchPolicy.Cpu;

        // Sequences that must not be padded are planned for themselves, with the shorter ones before them.
        int split = 0;
        while (split < keys.Length && LengthOf(keys[split]) <= limits.Unpadded) split++;
        PlanPart(keys[..split], 0, batchSize, lanes, rules, limits, batches);
        PlanPart(keys[split..], split, batchSize, lanes, rules, limits, batches);
        ArrayPool<long>.Shared.Return(rented);
        SortByEarliest(order, batches);
    }

    private static void PlanPart(
        ReadOnlySpan<long> keys, int start, int? batchSize, int lanes, BatchPolicy rules, SequenceLimits limits, List<PlannedBatch> batches)
    {
        int first = batches.Count;
        if (rules.TokensPerBatch is int tokens) PlanByTokens(keys, batchSize ?? int.MaxValue, tokens, rules, limits, batches);
        else if (batchSize is int size) PlanFixed(keys, size, batches);
        else PlanByLength(keys, lanes, batches);
        for (int i = first; i < batches.Count; i++) batches[i] = batches[i] with { Start = batches[i].Start + start };
    }

    private static int LengthOf(long key) => (int)(key >> 32);

    private static void PlanFixed(ReadOnlySpan<long> keys, int size, List<PlannedBatch> batches)
    {
        // Sorted upwards: the last sequence of a batch is its longest. Long ones are not batched: in a padded batch attention is
        // computed in another way, whose rounding would make a text's bits depend on its neighbours; and the CPU is no faster with
        // several.
        for (int start = 0; start < keys.Length;)
        {
            int count = Math.Min(size, keys.Length - start);
            while (count > 1
                && (Attention(count, LengthOf(keys[start + count - 1])) > MostAttention
                || LengthOf(keys[start + count - 1]) > GraphLimits.BlockedFrom))
                count--;
            batches.Add(new(start, count, LengthOf(keys[start + count - 1])));
            start += count;
        }
    }

    /// <summary>
    /// A device is the faster the fuller its batches are: sorted upwards, each takes as many sequences as tokens and attention allow.
    /// </summary>
    private static void PlanByTokens(
        ReadOnlySpan<long> keys, int most, int tokens, BatchPolicy rules, SequenceLimits limits, List<PlannedBatch> batches)
    {
        for (int start = 0; start < keys.Length;)
        {
            int count = 1, length = rules.LengthOf(LengthOf(keys[start]), limits);
            while (count < most && start + count < keys.Length)
            {
                int longer = rules.LengthOf(LengthOf(keys[start + count]), limits), size = rules.BatchSizeOf(count + 1);
                if ((long)size * longer > tokens || Attention(size, longer) > MostAttention) break;
                length = longer;
                count++;
            }

            batches.Add(new(start, count, length));
            start += count;
        }
    }

    private static long Attention(int count, long length) => count * length * length;

    /// <summary>
    /// The partition of the sorted short sequences with the least sum of padded tokens and fixed costs; long ones are not batched.
    /// </summary>
    private static void PlanByLength(ReadOnlySpan<long> keys, int lanes, List<PlannedBatch> batches)
    {
        int shortOnes = 0;
        long tokens = 0;
        while (shortOnes < keys.Length && LengthOf(keys[shortOnes]) < UnbatchedFrom) tokens += LengthOf(keys[shortOnes++]);
        int most = (int)Math.Clamp(tokens / Math.Max(lanes, 1), LeastTokens, MostTokens);

        int[] rented = ArrayPool<int>.Shared.Rent(2 * (shortOnes + 1));
        Span<int> cost = rented.AsSpan(0, shortOnes + 1);
        Span<int> from = rented.AsSpan(shortOnes + 1, shortOnes + 1);
        cost[0] = 0;
        for (int end = 1; end <= shortOnes; end++)
        {
            int length = LengthOf(keys[end - 1]);
            cost[end] = int.MaxValue;
            for (int start = end - 1; start >= 0 && ((end - start) * length <= most || start == end - 1); start--)
            {
                int candidate = cost[start] + RunCost + ((end - start) * length);
                if (candidate < cost[end]) (cost[end], from[end]) = (candidate, start);
            }
        }

        for (int end = shortOnes; end > 0; end = from[end]) batches.Add(new(from[end], end - from[end], LengthOf(keys[end - 1])));
        ArrayPool<int>.Shared.Return(rented);
        for (int i = shortOnes; i < keys.Length; i++) batches.Add(new(i, 1, LengthOf(keys[i])));
    }

    private static void SortByEarliest(Span<int> order, List<PlannedBatch> batches)
    {
        long[] rented = ArrayPool<long>.Shared.Rent(batches.Count);
        PlannedBatch[] sorted = ArrayPool<PlannedBatch>.Shared.Rent(batches.Count);
        for (int i = 0; i < batches.Count; i++)
        {
            int earliest = int.MaxValue;
            foreach (int index in order.Slice(batches[i].Start, batches[i].Count)) earliest = Math.Min(earliest, index);
            (rented[i], sorted[i]) = (earliest, batches[i]);
        }

        Array.Sort(rented, sorted, 0, batches.Count);
        for (int i = 0; i < batches.Count; i++) batches[i] = sorted[i];
        ArrayPool<long>.Shared.Return(rented);
        ArrayPool<PlannedBatch>.Shared.Return(sorted);
    }
}
