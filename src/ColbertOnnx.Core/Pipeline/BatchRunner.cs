using System.Globalization;

namespace ColbertOnnx.Pipeline;

/// <summary>
/// Runs batches on one thread and makes embeddings of their rows. A batch that fails is run again text by text; one that memory does not
/// hold in halves, down to one text.
/// </summary>
internal sealed class BatchRunner
{
    private readonly IEncoderSession shared;
    private readonly IRowEncoder rows;
    private readonly EmbeddingBuilder builder;
    private readonly BatchRules rules;
    private int[] ids = [];
    private byte[] mask = [];
    private float[] output = [];

    public BatchRunner(IEncoderSession engine, IRowEncoder rows, LaneSettings settings)
    {
        shared = engine;
        this.rows = rows;
        rules = settings.Batches;
        builder = new EmbeddingBuilder(engine.Dimension, rows, settings);
    }

    public void Run(EncodeBatch batch, EncodeStream session, bool isAlone)
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
        catch (Exception e)
        {
            int size = IsMemory(e) ? (batch.Count + 1) / 2 : 1;
            for (int start = 0; start < batch.Count; start += size) Run(Part(batch, start, Math.Min(size, batch.Count - start), session.Options.Kind), session, isAlone: false);
        }
    }

    private EncodeBatch Part(in EncodeBatch batch, int start, int count, TextKind kind)
    {
        int longest = 1;
        foreach (EncodeSlot slot in batch.Slots.Slice(start, count)) longest = Math.Max(longest, slot.Row!.Count);
        return new EncodeBatch(batch.Chunk, batch.Start + start, count, rules.LengthOf(longest, rows.Limits(kind)));
    }

    private static bool IsMemory(Exception e) => e is OutOfMemoryException or ColbertException { Id: ColbertErrorId.InsufficientMemory };

    public void FinishEmpty(EncodeSlot slot, EncodeOptions options) => slot.Embedding = builder.Build(slot, [], options);

    private static void Fail(EncodeSlot slot, Exception error)
    {
        slot.Embedding = null;
        if (IsMemory(error))
        {
            error = new ColbertException(
                ColbertErrorId.InsufficientMemory, string.Create(CultureInfo.InvariantCulture, $"{slot.Row!.Count} tokens alone in a call are too much: {error.Message}"), null,
                "Split the text, lower the document length, or open the model with fewer sessions.", error);
        }

        slot.Error = TextError.Of(slot, error, ColbertErrorId.InferenceFailed);
    }

    private void Call(IEncoderSession engine, ReadOnlySpan<EncodeSlot> slots, int length, EncodeStream session)
    {
        int rowCount = rules.RowsOf(slots.Length), tokens = rowCount * length;
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

        // A row that sees nothing at all may be NaN on its way, and some kernels let that spread.
        for (int i = slots.Length; i < rowCount; i++)
        {
            ids.AsSpan(i * length, length).Fill(rows.PadId);
            mask.AsSpan(i * length, length).Clear();
            mask[i * length] = 1;
        }

        ReadOnlySpan<float> rest = output.AsSpan(0, numbers);
        engine.Run(rowCount, length, ids.AsSpan(0, tokens), mask.AsSpan(0, tokens), output.AsSpan(0, numbers), session.Cancellation);
        foreach (EncodeSlot slot in slots)
        {
            slot.Embedding = builder.Build(slot, rest[..(slot.Row!.Count * engine.Dimension)], session.Options, session.Cancellation);
            rest = rest[(length * engine.Dimension)..];
        }
    }
}
