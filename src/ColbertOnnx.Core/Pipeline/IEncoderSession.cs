namespace ColbertOnnx.Pipeline;

/// <summary>
/// One graph, ready to run: the seam between the pipeline and ONNX Runtime. One session serves many threads at once.
/// </summary>
internal interface IEncoderSession : IDisposable
{
    /// <summary>Dimension of a token vector of the output.</summary>
    int Dimension { get; }

    /// <summary>
    /// Activations may be quantized with one scale per batch, so that batch neighbours and padding would change a text's vectors.
    /// </summary>
    bool HasPerTensorScales { get; }

    /// <summary>
    /// Runs <paramref name="batch"/> sequences of <paramref name="length"/> tokens each. <paramref name="output"/> is filled with
    /// batch x length x Dimension values. Cancelling ends the run and throws <see cref="OperationCanceledException"/>.
    /// </summary>
    void Run(
        int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output, CancellationToken cancellation);

    /// <summary>What runs a single text that has the CPUs to itself: the same values, sooner. It belongs to this session.</summary>
    IEncoderSession ForSingleText() => this;
}
