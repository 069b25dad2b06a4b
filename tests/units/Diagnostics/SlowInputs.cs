using ColbertOnnx.Pipeline;
using ColbertOnnx.Tests.Pipeline;

namespace ColbertOnnx.Tests.Diagnostics;

/// <summary>Takes a millisecond and more for each text: an encoder that is not worth its session.</summary>
internal sealed class SlowInputs : IInputBuilder
{
    private readonly FakeInputs rows = new();

    public int PadId => rows.PadId;

    public SequenceLimits Limits(TextKind kind) => rows.Limits(kind);

    public string TokenOf(int id) => rows.TokenOf(id);

    public void Build(
        ReadOnlySpan<char> text, TextKind kind, bool withOffsets, ModelInput input, string? prompt = null,
        CancellationToken cancellation = default)
    {
        Thread.Sleep(2);
        rows.Build(text, kind, withOffsets, input, prompt, cancellation);
    }
}
