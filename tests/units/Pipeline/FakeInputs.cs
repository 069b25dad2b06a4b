using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>A token is a character; commas do not come back, and an exclamation mark cannot be tokenized.</summary>
internal sealed class FakeInputs : IInputBuilder
{
    public const int Length = 200;

    public int Longest { get; init; } = Length;

    public int PadId => 0;

    public SequenceLimits Limits(TextKind kind) => new(Longest);

    public string TokenOf(int id) => ((char)id).ToString();

    public void Build(
        ReadOnlySpan<char> text, TextKind kind, bool withOffsets, ModelInput input, string? prompt = null,
        CancellationToken cancellation = default)
    {
        if (text.Contains('!')) throw new FormatException("No exclamation marks.");
        int count = Math.Min(text.Length, Longest);
        input.Reset(count, withOffsets);
        input.IsTruncated = text.Length > count;
        input.WritableAttention.Fill(1);
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            input.WritableIds[i] = text[i];
            if (withOffsets) input.WritableOffsets[i] = (i, i + 1);
            if (text[i] != ',') input.WritableKept[kept++] = i;
        }

        input.KeptCount = kept;
    }
}
