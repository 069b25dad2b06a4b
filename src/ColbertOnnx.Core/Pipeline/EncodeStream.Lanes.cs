namespace ColbertOnnx.Pipeline;

/// <summary>What lanes see of the stream.</summary>
internal sealed partial class EncodeStream
{
    private readonly Stack<ModelInput> freeInputs = new();
    private int activeJobs;
    private long published;

    /// <summary>Gate held. Texts that were added and are not done.</summary>
    internal long Unfinished => stopped is null ? window.Added - published : 0;

    /// <summary>Gate held.</summary>
    internal bool HasWork => stopped is null && work.HasWork;

    /// <summary>Gate held.</summary>
    internal bool TryClaim(out LaneJob job, ref int sleep)
    {
        job = default;
        if (stopped is not null || !work.TryClaim(this, out job, ref sleep)) return false;
        if (job.Kind == LaneJobKind.Run) job = job with { IsSingleText = job.Batch.Count == 1 && pool.Unfinished == 1 };
        activeJobs++;
        return true;
    }

    internal EncodeSlot SlotOf(long sequence) => window.SlotOf(sequence);

    internal ModelInput RentInput()
    {
        lock (pool.Gate) return freeInputs.TryPop(out ModelInput? input) ? input : new ModelInput();
    }

    internal void Tokenized(long first, int count)
    {
        lock (pool.Gate)
        {
            work.Tokenized(first, count);
            if (window.WaitingCallers > 0) Monitor.PulseAll(pool.Gate);
        }
    }

    internal void Planned(EncodeSlot[] chunk, List<PlannedBatch> plan)
    {
        lock (pool.Gate) work.Planned(chunk, plan);
    }

    /// <summary>Results of a batch: from here on the caller may take them.</summary>
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

            if (window.IsHeadDone) Changed();
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
            work.Stop();
            Changed();
        }

        source.Cancel();
    }

    private void Changed()
    {
        Monitor.PulseAll(pool.Gate);
        change?.TrySetResult();
        change = null;
    }
}
