namespace ColbertOnnx.Pipeline;

/// <summary>
/// Which work of a stream is next. Its texts pass four marks: planned to tokenized to claimed to added. Guarded by the pool's gate.
/// </summary>
internal sealed class WorkScheduler(TextWindow window, WindowLimits limits, int patienceMilliseconds)
{
    private const int TextsPerClaim = 8;
    private const int CharactersPerClaim = 16 * 1024;

    private readonly Queue<EncodeBatch> planned = new();
    private long claimedTo;
    private long tokenizedTo;
    private long plannedTo;
    private long lastAdd;
    private int chunkTokens;

    public bool HasWork => planned.Count > 0 || claimedTo < window.Added || CanPlan;

    private bool IsChunkFull => tokenizedTo - plannedTo >= limits.ChunkTexts || chunkTokens >= limits.ChunkTokens;

    private bool IsAllTokenized => tokenizedTo == window.Added;

    /// <summary>A chunk ends where it is full, or where nothing more can come before the caller gets a result.</summary>
    private bool CanPlan => plannedTo < tokenizedTo
        && (IsChunkFull || (IsAllTokenized && (window.IsComplete || (window.WaitingCallers > 0 && window.Taken == plannedTo))));

    /// <summary>A text came: the source is not slow.</summary>
    public void Added() => lastAdd = Environment.TickCount64;

    /// <summary>
    /// Planned batches first, so that results leave; then what makes new ones. Shortens <paramref name="sleep"/> to its patience.
    /// </summary>
    public bool TryClaim(EncodeStream stream, out LaneJob job, ref int sleep)
    {
        if (planned.TryDequeue(out EncodeBatch batch)) job = new(stream, LaneJobKind.Run) { Batch = batch };
        else if (CanPlan) job = ClaimChunk(stream);
        else if (claimedTo < window.Added) job = ClaimTexts(stream);
        else if (plannedTo < tokenizedTo && IsAllTokenized)
        {
            int rest = (int)Math.Max(0, lastAdd + patienceMilliseconds - Environment.TickCount64);
            if (rest > 0)
            {
                sleep = sleep == Timeout.Infinite ? rest : Math.Min(sleep, rest);
                job = default;
                return false;
            }

            job = ClaimChunk(stream);
        }
        else
        {
            job = default;
            return false;
        }

        return true;
    }

    public void Tokenized(long first, int count)
    {
        for (long i = first; i < first + count; i++)
        {
            EncodeSlot slot = window.SlotOf(i);
            window.SetTokens(slot, slot.Error is null ? slot.ModelInput!.Count : 0);
            slot.IsTokenized = true;
        }

        FillChunk();
    }

    public void Planned(EncodeSlot[] chunk, List<PlannedBatch> plan)
    {
        foreach (PlannedBatch batch in plan) planned.Enqueue(new(chunk, batch.Start, batch.Count, batch.Length));
    }

    public void Stop() => planned.Clear();

    private LaneJob ClaimTexts(EncodeStream stream)
    {
        long first = claimedTo;
        for (int characters = 0; claimedTo < window.Added && claimedTo - first < TextsPerClaim && characters < CharactersPerClaim;)
            characters += window.SlotOf(claimedTo++).Input.Text.Length;
        return new(stream, LaneJobKind.Tokenize) { First = first, Count = (int)(claimedTo - first) };
    }

    private LaneJob ClaimChunk(EncodeStream stream)
    {
        LaneJob job = new(stream, LaneJobKind.Plan) { First = plannedTo, Count = (int)(tokenizedTo - plannedTo) };
        plannedTo = tokenizedTo;
        chunkTokens = 0;
        FillChunk();
        return job;
    }

    private void FillChunk()
    {
        while (!IsChunkFull && tokenizedTo < claimedTo && window.SlotOf(tokenizedTo).IsTokenized)
            chunkTokens += window.SlotOf(tokenizedTo++).Tokens;
    }
}
