using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Runtime;

/// <summary>
/// A session over packed weights whose bytes are still being compared with their seal. It runs meanwhile, and no output leaves before the
/// comparison is done. Damaged weights are dropped, and what was computed from them is computed anew.
/// </summary>
/// <param name="packed">The session. This one closes it.</param>
/// <param name="check">True: the weights are what they were.</param>
/// <param name="replace">Opens the graph in another way.</param>
internal sealed class PackedSession(OrtEncoderSession packed, Task<bool> check, Func<IEncoderSession> replace) : IEncoderSession
{
    private readonly Lock gate = new();
    private IEncoderSession? replacement;

    public int Dimension => packed.Dimension;

    public bool HasPerTensorScales => packed.HasPerTensorScales;

    /// <summary>The execution providers that run the nodes.</summary>
    public IReadOnlyList<ColbertProviderShare> Providers => packed.Providers;

    public void Run(
        int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output, CancellationToken cancellation)
    {
        try
        {
            if (!check.IsCompleted || IsWhole(cancellation)) packed.Run(batch, length, ids, attentionMask, output, cancellation);
            if (IsWhole(cancellation)) return;
        }
        catch (ColbertException) when (!IsWhole(cancellation))
        {
            // An error of damaged weights says nothing of the model.
        }

        Replacement().Run(batch, length, ids, attentionMask, output, cancellation);
    }

    /// <summary>Waits for the comparison. What cannot be read is not whole.</summary>
    public bool IsWhole(CancellationToken cancellation)
    {
        if (!check.IsCompleted) Task.WaitAny([check], cancellation);
        return check is { IsCompletedSuccessfully: true, Result: true };
    }

    public void Dispose()
    {
        replacement?.Dispose();
        packed.Dispose();
    }

    private IEncoderSession Replacement()
    {
        lock (gate) return replacement ??= replace();
    }
}
