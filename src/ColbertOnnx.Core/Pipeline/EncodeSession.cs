namespace ColbertOnnx.Pipeline;

/// <summary>
/// One stream of texts through a model, fed and drained by one caller (a cmdlet's ProcessRecord, the command's loop).
/// Bounded: <see cref="TryAdd"/> waits while the window is full of results that nobody took.
/// </summary>
internal sealed class EncodeSession : IDisposable
{
    internal EncodeSession(ColbertModel model, EncodeOptions options) => throw new NotSupportedException();

    /// <summary>
    /// Puts a text in. Returns false, without taking it, when the window is full and a finished result must be taken
    /// first (so that a single thread can feed and drain without deadlock); waits while the window is full and nothing is finished yet.
    /// </summary>
    public bool TryAdd(in EncodeRequest request) => throw new NotSupportedException();

    /// <summary>No more texts will come.</summary>
    public void Complete() => throw new NotSupportedException();

    /// <summary>Takes the next result in order if it is finished; does not wait.</summary>
    public bool TryTake(out EncodeResult result) => throw new NotSupportedException();

    /// <summary>Takes the next result in order, waiting for it; false when everything was taken (after <see cref="Complete"/>).</summary>
    public bool Take(out EncodeResult result) => throw new NotSupportedException();

    /// <summary>Ends running calls and drops what is queued; callable from another thread (StopProcessing, Ctrl+C).</summary>
    public void Cancel() => throw new NotSupportedException();

    public void Dispose() => throw new NotSupportedException();
}
