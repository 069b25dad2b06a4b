namespace ColbertOnnx.Pipeline;

/// <summary>Runs batches on one thread and makes embeddings of their rows. A batch that fails is run again text by text.</summary>
internal sealed class BatchRunner
{
    private readonly IEncoderSession shared;
    private readonly IRowEncoder rows;
    private readonly EmbeddingBuilder builder;
    private int[] ids = [];
    private byte[] mask = [];
    private float[] output = [];

    public BatchRunner(IEncoderSession engine, IRowEncoder rows, LaneSettings settings)
    {
        shared = engine;
        this.rows = rows;
        builder = new EmbeddingBuilder(engine.Dimension, rows, settings);
    }

    public void Run(EncodeBatch batch, EncodeSession session, bool isAlone)
    {
        try
        {
            Call(isAlone ? shared.ForLoneCall() : shared, batch.Slots, batch.Length, session);
        }
        catch (Exception) when (session.Cancellation.IsCancellationRequested)
        {
            // Nobody waits for these any more.
        }
        catch (Exception e) when (batch.Count == 1)
        {
            Fail(batch.Slots[0], e);
        }
        catch (Exception)
        {
            for (int i = 0; i < batch.Count; i++)
            {
                EncodeSlot slot = batch.Slots[i];
                Run(new EncodeBatch([slot], 0, 1, slot.Row!.Count), session, isAlone: false);
            }
        }
    }

    public void FinishEmpty(EncodeSlot slot, EncodeOptions options) => slot.Embedding = builder.Build(slot, [], options);

    private static void Fail(EncodeSlot slot, Exception error)
    {
        slot.Embedding = null;
        slot.Error = TextError.Of(slot, error, ColbertErrorId.InferenceFailed);
    }

    private void Call(IEncoderSession engine, ReadOnlySpan<EncodeSlot> slots, int length, EncodeSession session)
    {
        int tokens = slots.Length * length;
        int numbers = checked(tokens * engine.Dimension);
        if (ids.Length < tokens)
        {
            ids = new int[tokens];
            mask = new byte[tokens];
        }

        if (output.Length < numbers) output = GC.AllocateUninitializedArray<float>(numbers);

        for (int i = 0; i < slots.Length; i++)
        {
            TokenRow row = slots[i].Row!;
            Span<int> rowIds = ids.AsSpan(i * length, length);
            Span<byte> rowMask = mask.AsSpan(i * length, length);
            row.Ids.CopyTo(rowIds);
            row.AttentionMask.CopyTo(rowMask);
            rowIds[row.Count..].Fill(rows.PadId);
            rowMask[row.Count..].Clear();
        }

        ReadOnlySpan<float> rest = output.AsSpan(0, numbers);
        engine.Run(slots.Length, length, ids.AsSpan(0, tokens), mask.AsSpan(0, tokens), output.AsSpan(0, numbers), session.Cancellation);
        foreach (EncodeSlot slot in slots)
        {
            slot.Embedding = builder.Build(slot, rest[..(slot.Row!.Count * engine.Dimension)], session.Options);
            rest = rest[(length * engine.Dimension)..];
        }
    }
}
