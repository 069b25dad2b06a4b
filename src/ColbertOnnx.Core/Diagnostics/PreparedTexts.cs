using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Diagnostics;

/// <summary>Texts as the bare engine gets them: tokenized, in the calls that the encoder plans for them, padded.</summary>
internal sealed class PreparedTexts
{
    private PreparedTexts()
    {
    }

    public required IReadOnlyList<PreparedBatch> Batches { get; init; }

    /// <summary>Rows of the texts of the first chunk, which <see cref="FirstBatches"/> hold.</summary>
    public required IReadOnlyList<TokenRow> FirstRows { get; init; }

    public required int FirstBatches { get; init; }

    /// <summary>Tokens of each text's row.</summary>
    public required IReadOnlyList<int> Lengths { get; init; }

    public int Truncated { get; private init; }

    /// <summary>Chunks end where those of a stream do whose texts are all there (<see cref="EncodeSession"/>).</summary>
    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: a text that is not Unicode.</exception>
    public static PreparedTexts Of(IReadOnlyList<string> texts, TextKind kind, IRowEncoder rows, LaneSettings settings, CancellationToken cancellation)
    {
        WindowLimits limits = WindowLimits.For(settings.Lanes, settings.BatchSize);
        List<PreparedBatch> batches = [];
        List<TokenRow> chunk = [];
        TokenRow[]? first = null;
        int firstBatches = 0, chunkTokens = 0, truncated = 0;
        int[] lengths = new int[texts.Count];
        for (int i = 0; i < texts.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var row = new TokenRow();
            rows.Encode(texts[i], kind, withOffsets: false, row);
            chunk.Add(row);
            chunkTokens += lengths[i] = row.Count;
            if (row.IsTruncated) truncated++;
            if (chunk.Count < limits.ChunkTexts && chunkTokens < limits.ChunkTokens && i + 1 < texts.Count) continue;

            Plan(chunk, i + 1 - chunk.Count, rows.PadId, settings, batches);
            if (first is null) (first, firstBatches) = ([.. chunk], batches.Count);
            chunk.Clear();
            chunkTokens = 0;
        }

        return new PreparedTexts { Batches = batches, FirstRows = first ?? [], FirstBatches = firstBatches, Lengths = lengths, Truncated = truncated };
    }

    private static void Plan(List<TokenRow> chunk, int firstText, int padId, LaneSettings settings, List<PreparedBatch> batches)
    {
        // A text without tokens has an embedding without rows, and needs no call.
        int[] filled = [.. Enumerable.Range(0, chunk.Count).Where(i => chunk[i].Count > 0)];
        int[] order = new int[filled.Length];
        List<PlannedBatch> plan = [];
        BatchPlanner.Plan(Array.ConvertAll(filled, i => chunk[i].Count), settings.BatchSize, settings.Lanes, order, plan);
        foreach (PlannedBatch call in plan)
        {
            int[] ids = new int[call.Count * call.Length], texts = new int[call.Count];
            byte[] mask = new byte[ids.Length];
            Array.Fill(ids, padId);
            for (int i = 0; i < call.Count; i++)
            {
                int index = filled[order[call.Start + i]];
                chunk[index].Ids.CopyTo(ids.AsSpan(i * call.Length));
                chunk[index].AttentionMask.CopyTo(mask.AsSpan(i * call.Length));
                texts[i] = firstText + index;
            }

            batches.Add(new PreparedBatch(call.Length, ids, mask, texts));
        }
    }
}
