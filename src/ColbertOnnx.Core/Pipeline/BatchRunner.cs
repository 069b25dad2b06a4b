using System.Globalization;

namespace ColbertOnnx.Pipeline;

/// <summary>
/// Runs batches on one thread and makes embeddings of their outputs. A batch that fails is run again text by text; one that memory does not
/// hold in halves, down to one text.
/// </summary>
internal sealed class BatchRunner
{
    private readonly IEncoderSession shared;
    private readonly IInputBuilder inputs;
    private readonly EmbeddingBuilder builder;
    private readonly BatchPolicy rules;
    private int[] ids = [];
    private byte[] mask = [];
    private float[] output = [];

    public BatchRunner(IEncoderSession session, IInputBuilder inputs, LaneSettings settings)
    {
        shared = session;
        this.inputs = inputs;
        rules = settings.Batches;
        builder = new EmbeddingBuilder(session.Dimension, inputs, settings.Name);
    }

    public void Run(EncodeBatch batch, EncodeStream stream, bool isSingleText)
    {
        try
        {
            RunBatch(isSingleText ? shared.ForSingleText() : shared, batch.Slots, batch.Length, stream);
        }
        catch (Exception) when (stream.Cancellation.IsCancellationRequested)
        {
            // No caller waits for these any more.
        }
        catch (Exception e) when (batch.Count == 1)
        {
            Fail(batch.Slots[0], e);
        }
        catch (Exception e)
        {
            int size = IsMemory(e) ? (batch.Count + 1) / 2 : 1;
            for (int start = 0; start < batch.Count; start += size)
                Run(Part(batch, start, Math.Min(size, batch.Count - start), stream.Options.Kind), stream, isSingleText: false);
        }
    }

    private EncodeBatch Part(in EncodeBatch batch, int start, int count, TextKind kind)
    {
        int longest = 1;
        foreach (EncodeSlot slot in batch.Slots.Slice(start, count)) longest = Math.Max(longest, slot.ModelInput!.Count);
        return new EncodeBatch(batch.Chunk, batch.Start + start, count, rules.LengthOf(longest, inputs.Limits(kind)));
    }

    // An overflow is a size that no array has.
    private static bool IsMemory(Exception e) =>
        e is OutOfMemoryException or OverflowException or ColbertException { Id: ColbertErrorId.InsufficientMemory };

    public void FinishEmpty(EncodeSlot slot, EncodeOptions options) => slot.Embedding = builder.Build(slot, [], options);

    private static void Fail(EncodeSlot slot, Exception error)
    {
        slot.Embedding = null;
        if (IsMemory(error))
        {
            string reason = error is OverflowException ? "No array holds what they need." : error.Message;
            error = new ColbertException(
                ColbertErrorId.InsufficientMemory,
                string.Create(
                    CultureInfo.InvariantCulture, $"{slot.ModelInput!.Count} tokens are too many for a batch of one text: {reason}"),
                null,
                "Split the text, lower the document length, or open the model with fewer sessions.", error);
        }

        slot.Error = TextError.Of(slot, error, ColbertErrorId.InferenceFailed);
    }

    private void RunBatch(IEncoderSession session, ReadOnlySpan<EncodeSlot> slots, int length, EncodeStream stream)
    {
        int batchSize = rules.BatchSizeOf(slots.Length), tokens = checked(batchSize * length);
        int values = checked(tokens * session.Dimension);
        if (ids.Length < tokens)
        {
            ids = new int[tokens];
            mask = new byte[tokens];
        }

        if (output.Length < values) output = GC.AllocateUninitializedArray<float>(values);

        for (int i = 0; i < slots.Length; i++)
        {
            ModelInput input = slots[i].ModelInput!;
            Span<int> textIds = ids.AsSpan(i * length, length);
            Span<byte> textMask = mask.AsSpan(i * length, length);
            input.Ids.CopyTo(textIds);
            input.AttentionMask.CopyTo(textMask);
            textIds[input.Count..].Fill(inputs.PadId);
            textMask[input.Count..].Clear();
        }

        // A sequence whose mask is all zeros may be NaN on its way, and some kernels let that spread.
        for (int i = slots.Length; i < batchSize; i++)
        {
            ids.AsSpan(i * length, length).Fill(inputs.PadId);
            mask.AsSpan(i * length, length).Clear();
            mask[i * length] = 1;
        }

        ReadOnlySpan<float> rest = output.AsSpan(0, values);
        session.Run(batchSize, length, ids.AsSpan(0, tokens), mask.AsSpan(0, tokens), output.AsSpan(0, values), stream.Cancellation);
        foreach (EncodeSlot slot in slots)
        {
            slot.Embedding = builder.Build(slot, rest[..(slot.ModelInput!.Count * session.Dimension)], stream.Options, stream.Cancellation);
            rest = rest[(length * session.Dimension)..];
        }
    }
}
