using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>Texts as the raw session loop gets them: tokenized, in the batches that the encoder plans for them, padded.</summary>
internal sealed class PreparedTexts
{
    private PreparedTexts()
    {
    }

    /// <summary>This many batches for each lane are enough to hide that one lane ends before the others.</summary>
    private const int BatchesOfSlice = 32;

    public required IReadOnlyList<PreparedBatch> Batches { get; init; }

    /// <summary>Pieces of whole chunks that the encoder and the raw session loop run in turns.</summary>
    public required IReadOnlyList<PreparedSlice> Slices { get; init; }

    /// <summary>Model inputs of the texts of the first chunk, which <see cref="FirstBatches"/> hold.</summary>
    public required IReadOnlyList<ModelInput> FirstInputs { get; init; }

    public required int FirstBatches { get; init; }

    /// <summary>Tokens of each text's sequence.</summary>
    public required IReadOnlyList<int> Lengths { get; init; }

    public int Truncated { get; private init; }

    /// <summary>Chunks end where those of a stream do whose texts are all there (<see cref="EncodeStream"/>).</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a text that is not Unicode.</exception>
    public static PreparedTexts Of(
        IReadOnlyList<string> texts, TextKind kind, IInputBuilder inputs, LaneSettings settings, CancellationToken cancellation)
    {
        WindowLimits limits = WindowLimits.For(settings.Lanes, settings.BatchSize, settings.Batches.TokensPerBatch);
        List<PreparedBatch> batches = [];
        List<PreparedSlice> slices = [];
        List<ModelInput> chunk = [];
        ModelInput[]? first = null;
        int firstBatches = 0, chunkTokens = 0, truncated = 0;
        int[] lengths = new int[texts.Count];
        for (int i = 0; i < texts.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var input = new ModelInput();
            inputs.Build(texts[i], kind, withOffsets: false, input, cancellation: cancellation);
            chunk.Add(input);
            chunkTokens += lengths[i] = input.Count;
            if (input.IsTruncated) truncated++;
            if (chunk.Count < limits.ChunkTexts && chunkTokens < limits.ChunkTokens && i + 1 < texts.Count) continue;

            Plan(chunk, i + 1 - chunk.Count, inputs.PadId, inputs.Limits(kind), settings, batches);
            if (first is null) (first, firstBatches) = ([.. chunk], batches.Count);
            AddSlice(slices, i + 1, batches, BatchesOfSlice * settings.Lanes, isLast: i + 1 == texts.Count);
            chunk.Clear();
            chunkTokens = 0;
        }

        return new PreparedTexts
        {
            Batches = batches,
            Slices = slices,
            FirstInputs = first ?? [],
            FirstBatches = firstBatches,
            Lengths = lengths,
            Truncated = truncated,
        };
    }

    /// <summary>A slice of what is behind the last one, where that is enough; a rest that is too small belongs to the last one.</summary>
    private static void AddSlice(List<PreparedSlice> slices, int textsEnd, List<PreparedBatch> batches, int enough, bool isLast)
    {
        (int text, int batch) = slices.Count == 0
            ? (0, 0)
            : (slices[^1].FirstText + slices[^1].Texts, slices[^1].FirstBatch + slices[^1].Batches);
        bool isEnough = batches.Count - batch >= enough;
        if (!isEnough && !isLast) return;
        if (!isEnough && slices.Count > 0)
        {
            (text, batch) = (slices[^1].FirstText, slices[^1].FirstBatch);
            slices.RemoveAt(slices.Count - 1);
        }

        slices.Add(new PreparedSlice(text, textsEnd - text, batch, batches.Count - batch));
    }

    private static void Plan(
        List<ModelInput> chunk, int firstText, int padId, SequenceLimits limits, LaneSettings settings, List<PreparedBatch> batches)
    {
        // A text without tokens has an embedding without token vectors, and needs no batch.
        int[] filled = [.. Enumerable.Range(0, chunk.Count).Where(i => chunk[i].Count > 0)];
        int[] order = new int[filled.Length];
        List<PlannedBatch> plan = [];
        BatchPlanner.Plan(
            Array.ConvertAll(filled, i => chunk[i].Count), settings.BatchSize, settings.Lanes, order, plan, limits, settings.Batches);
        foreach (PlannedBatch planned in plan)
        {
            int[] ids = new int[settings.Batches.BatchSizeOf(planned.Count) * planned.Length], texts = new int[planned.Count];
            byte[] mask = new byte[ids.Length];
            Array.Fill(ids, padId);
            for (int i = 0; i < planned.Count; i++)
            {
                int index = filled[order[planned.Start + i]];
                chunk[index].Ids.CopyTo(ids.AsSpan(i * planned.Length));
                chunk[index].AttentionMask.CopyTo(mask.AsSpan(i * planned.Length));
                texts[i] = firstText + index;
            }

            for (int i = planned.Count; i * planned.Length < mask.Length; i++) mask[i * planned.Length] = 1;

            batches.Add(new PreparedBatch(planned.Length, ids, mask, texts));
        }
    }
}
