namespace ColbertOnnx.Pipeline;

/// <summary>What lanes see of the stream. Texts pass four marks: planned to tokenized to claimed to added.</summary>
internal sealed partial class EncodeStream
{
    private const int TextsPerClaim = 8;
    private const int CharactersPerClaim = 16 * 1024;

    private readonly Queue<EncodeBatch> planned = new();
    private readonly Stack<ModelInput> freeInputs = new();
    private long claimedTo;
    private long tokenizedTo;
    private long plannedTo;
    private int chunkTokens;
    private int activeJobs;
    private long lastAdd;
    private long published;

    /// <summary>Gate held. Texts that were added and are not done.</summary>
    internal long Unfinished => stopped is null ? added - published : 0;

    /// <summary>Gate held.</summary>
    internal bool HasWork => stopped is null && (planned.Count > 0 || claimedTo < added || CanPlan);

    private bool IsChunkFull => tokenizedTo - plannedTo >= limits.ChunkTexts || chunkTokens >= limits.ChunkTokens;

    /// <summary>A chunk ends where it is full, or where nothing more can come before the caller gets a result.</summary>
    private bool CanPlan =>
        plannedTo < tokenizedTo && (IsChunkFull || (tokenizedTo == added && (isCompleted || (waitingCallers > 0 && taken == plannedTo))));

    /// <summary>Gate held. Planned calls first, so that results leave; then what makes new ones.</summary>
    internal bool TryClaim(out LaneJob job, ref int sleep)
    {
        job = default;
        if (stopped is not null) return false;
        if (planned.TryDequeue(out EncodeBatch batch)) job = new(this, LaneJobKind.Run) { Batch = batch, IsAlone = batch.Count == 1 && pool.Unfinished == 1 };
        else if (CanPlan) job = ClaimChunk();
        else if (claimedTo < added) job = ClaimTexts();
        else if (plannedTo < tokenizedTo && tokenizedTo == added)
        {
            int rest = (int)Math.Max(0, lastAdd + pool.Settings.PatienceMilliseconds - Environment.TickCount64);
            if (rest > 0)
            {
                sleep = sleep == Timeout.Infinite ? rest : Math.Min(sleep, rest);
                return false;
            }

            job = ClaimChunk();
        }
        else return false;

        activeJobs++;
        return true;
    }

    internal EncodeSlot SlotOf(long sequence) => ring[sequence % ring.Length]!;

    internal ModelInput RentInput()
    {
        lock (pool.Gate) return freeInputs.TryPop(out ModelInput? input) ? input : new ModelInput();
    }

    internal void Tokenized(long first, int count)
    {
        lock (pool.Gate)
        {
            for (long i = first; i < first + count; i++)
            {
                EncodeSlot slot = SlotOf(i);
                int length = slot.Error is null ? slot.ModelInput!.Count : 0;
                tokens += length - slot.Tokens;
                slot.Tokens = length;
                slot.IsTokenized = true;
            }

            FillChunk();
            if (waitingCallers > 0) Monitor.PulseAll(pool.Gate);
        }
    }

    internal void Planned(EncodeSlot[] chunk, List<PlannedBatch> plan)
    {
        lock (pool.Gate)
        {
            foreach (PlannedBatch batch in plan) planned.Enqueue(new(chunk, batch.Start, batch.Count, batch.Length));
        }
    }

    /// <summary>Results of a call: from here on the caller may take them.</summary>
    internal void Publish(EncodeBatch batch)
    {
        lock (pool.Gate)
        {
            if (stopped is not null) return;
            published += batch.Count;
            foreach (EncodeSlot slot in batch.Slots)
            {
                freeInputs.Push(slot.ModelInput!);
                slot.ModelInput = null;
                slot.IsDone = true;
            }

            if (IsHeadDone) Changed();
        }
    }

    /// <summary>A lane is through with a piece of work.</summary>
    internal void Finish()
    {
        lock (pool.Gate)
        {
            if (--activeJobs == 0 && isDisposed) Monitor.PulseAll(pool.Gate);
        }
    }

    /// <summary>Drops what is queued, ends what runs; the caller gets <paramref name="reason"/>. The first reason stays.</summary>
    internal void Stop(Func<Exception> reason)
    {
        lock (pool.Gate)
        {
            if (stopped is not null) return;
            stopped = reason;
            planned.Clear();
            Changed();
        }

        source.Cancel();
    }

    private LaneJob ClaimTexts()
    {
        long first = claimedTo;
        for (int characters = 0; claimedTo < added && claimedTo - first < TextsPerClaim && characters < CharactersPerClaim;)
            characters += SlotOf(claimedTo++).Input.Text.Length;
        return new(this, LaneJobKind.Tokenize) { First = first, Count = (int)(claimedTo - first) };
    }

    private LaneJob ClaimChunk()
    {
        LaneJob job = new(this, LaneJobKind.Plan) { First = plannedTo, Count = (int)(tokenizedTo - plannedTo) };
        plannedTo = tokenizedTo;
        chunkTokens = 0;
        FillChunk();
        return job;
    }

    private void FillChunk()
    {
        while (!IsChunkFull && tokenizedTo < claimedTo && SlotOf(tokenizedTo).IsTokenized) chunkTokens += SlotOf(tokenizedTo++).Tokens;
    }

    private void Changed()
    {
        Monitor.PulseAll(pool.Gate);
        change?.TrySetResult();
        change = null;
    }
}
