using System.Globalization;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Parity;

/// <summary>Rows as PyLate fed them; a text is its number in the run. What is left to test is everything behind the tokenizer.</summary>
internal sealed class StoredInputs(ReferenceRun run) : IInputBuilder
{
    public int PadId => 0;

    public SequenceLimits Limits(TextKind kind) => new(64);

    public string TokenOf(int id) => id.ToString(CultureInfo.InvariantCulture);

    public void Build(
        ReadOnlySpan<char> text, TextKind kind, bool withOffsets, ModelInput input, string? prompt = null,
        CancellationToken cancellation = default)
    {
        int number = int.Parse(text, CultureInfo.InvariantCulture);
        ReadOnlySpan<int> ids;
        ReadOnlySpan<byte> mask, keep;

        // The run reads its tensors when they are first asked for, and lanes ask side by side.
        lock (run)
        {
            ids = run.Ids(number);
            mask = run.AttentionMask(number);
            keep = run.Keep(number);
        }

        input.Reset(ids.Length, withOffsets);
        ids.CopyTo(input.WritableIds);
        mask.CopyTo(input.WritableAttention);
        int kept = 0;
        for (int i = 0; i < keep.Length; i++)
            if (keep[i] != 0) input.WritableKept[kept++] = i;
        input.KeptCount = kept;
    }
}
