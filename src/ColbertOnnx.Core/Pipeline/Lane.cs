using System.Buffers;

namespace ColbertOnnx.Pipeline;

/// <summary>One thread, with the scratch that it needs to take a text from characters to vectors.</summary>
internal sealed class Lane
{
    private readonly LanePool pool;
    private readonly IInputBuilder inputs;
    private readonly BatchRunner runner;
    private readonly Thread thread;
    private readonly List<PlannedBatch> plan = [];

    public Lane(LanePool pool, IInputBuilder inputs, int number)
    {
        this.pool = pool;
        this.inputs = inputs;
        runner = new BatchRunner(pool.Session, inputs, pool.Settings);
        thread = new Thread(Loop) { IsBackground = true, Name = $"ColBERT lane {number}" };
    }

    public Parker Parker { get; } = new();

    public void Start() => thread.Start();

    public void Join()
    {
        Parker.Unpark();
        thread.Join();
    }

    private void Loop()
    {
        while (!pool.IsClosed)
        {
            if (!pool.TryClaim(this, out LaneJob job, out int sleep))
            {
                Parker.Park(sleep);
                continue;
            }

            try
            {
                Do(job);
            }
            catch (Exception e)
            {
                // Whatever belongs to one text was caught before: this is the end of the stream, not of the process.
                job.Stream.Stop(() =>
                    e as ColbertException ?? new ColbertException(ColbertErrorId.InferenceFailed, e.Message, pool.Settings.Name, null, e));
            }

            job.Stream.Finish();
        }
    }

    private void Do(LaneJob job)
    {
        switch (job.Kind)
        {
            case LaneJobKind.Tokenize:
                Tokenize(job);
                break;
            case LaneJobKind.Plan:
                Plan(job);
                break;
            case LaneJobKind.Run:
                runner.Run(job.Batch, job.Stream, job.IsSingleText);
                job.Stream.Publish(job.Batch);
                break;
        }
    }

    private void Tokenize(LaneJob job)
    {
        EncodeStream stream = job.Stream;
        for (long i = job.First; i < job.First + job.Count; i++)
        {
            EncodeSlot slot = stream.SlotOf(i);
            ModelInput input = stream.RentInput();
            try
            {
                inputs.Build(
                    slot.Input.Text, stream.Options.Kind, stream.Options.IncludeTokens, input, stream.Options.Prompt, stream.Cancellation);
            }
            catch (OperationCanceledException) when (stream.Cancellation.IsCancellationRequested)
            {
                // The stream was cancelled: these results are not wanted any more.
                return;
            }
            catch (Exception e)
            {
                slot.Error = TextError.Of(slot, e, ColbertErrorId.InputInvalid);
            }

            slot.ModelInput = input;
        }

        stream.Tokenized(job.First, job.Count);
    }

    private void Plan(LaneJob job)
    {
        EncodeStream stream = job.Stream;
        EncodeSlot[] chunk = new EncodeSlot[job.Count];
        int[] lengths = ArrayPool<int>.Shared.Rent(2 * job.Count);
        int count = 0;
        for (long i = job.First; i < job.First + job.Count; i++)
        {
            EncodeSlot slot = stream.SlotOf(i);
            if (slot.Error is null && slot.ModelInput!.Count > 0)
            {
                lengths[count] = slot.ModelInput.Count;
                chunk[count++] = slot;
            }
            else
            {
                if (slot.Error is null) runner.FinishEmpty(slot, stream.Options);
                stream.Publish(new EncodeBatch([slot], 0, 1, 0));
            }
        }

        Span<int> order = lengths.AsSpan(job.Count, count);
        BatchPlanner.Plan(
            lengths.AsSpan(0, count), pool.Settings.BatchSize, pool.Settings.Lanes, order, plan, pool.Limits(stream.Options.Kind),
            pool.Settings.Batches);
        EncodeSlot[] sorted = new EncodeSlot[count];
        for (int i = 0; i < count; i++) sorted[i] = chunk[order[i]];
        ArrayPool<int>.Shared.Return(lengths);
        stream.Planned(sorted, plan);
    }
}
