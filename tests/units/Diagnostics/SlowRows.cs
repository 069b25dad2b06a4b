using ColbertOnnx.Pipeline;
using ColbertOnnx.Tests.Pipeline;

namespace ColbertOnnx.Tests.Diagnostics;

/// <summary>Takes a millisecond and more for each text: an encoder that is not worth its engine.</summary>
internal sealed class SlowRows : IRowEncoder
{
    private readonly FakeRows rows = new();

    public int PadId => rows.PadId;

    public RowLimits Limits(TextKind kind) => rows.Limits(kind);

    public string TokenOf(int id) => rows.TokenOf(id);

    public void Encode(string text, TextKind kind, bool withOffsets, TokenRow row, string? prompt = null, CancellationToken cancellation = default)
    {
        Thread.Sleep(2);
        rows.Encode(text, kind, withOffsets, row, prompt, cancellation);
    }
}
