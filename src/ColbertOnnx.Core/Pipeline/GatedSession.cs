namespace ColbertOnnx.Pipeline;

/// <summary>
/// Lets no more than this many batches run in a session at once; the others wait, and waiting can be cancelled. Owns the session.
/// </summary>
internal sealed class GatedSession(IEncoderSession session, int most) : IEncoderSession
{
    private readonly SemaphoreSlim gate = new(most, most);

    public int Dimension => session.Dimension;

    public bool HasPerTensorScales => session.HasPerTensorScales;

    public void Run(
        int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output, CancellationToken cancellation)
    {
        gate.Wait(cancellation);
        try
        {
            session.Run(batch, length, ids, attentionMask, output, cancellation);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        session.Dispose();
        gate.Dispose();
    }
}
