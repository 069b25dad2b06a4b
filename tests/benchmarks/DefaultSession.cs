using System.Runtime.InteropServices;
using ColbertOnnx.Native;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// A graph as encoders open it that know nothing of ONNX Runtime's traps: its default options, with one thread in each operator.
/// </summary>
internal sealed class DefaultSession : IEncoderSession
{
    private readonly InferenceSession session;
    private readonly GraphSignature signature;
    private readonly OrtManagedRun calls;

    /// <param name="file">The graph.</param>
    public DefaultSession(string file)
    {
        _ = OrtEnvironment.Instance;
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        session = new InferenceSession(Path.GetFullPath(file), options);
        signature = GraphSignature.Check(
            OrtEncoderSession.Tensors(session.InputNames, session.InputMetadata),
            OrtEncoderSession.Tensors(session.OutputNames, session.OutputMetadata), file);
        calls = new OrtManagedRun(session, signature.Inputs, signature.Output);
        byte[] one = new byte[sizeof(long) * signature.Inputs.Length];
        Dimension = (int)(signature.Dimension > 0 ? signature.Dimension : calls.RunForShape(one, [1, 1])[^1]);
    }

    public int Dimension { get; }

    public bool HasPerTensorScales => false;

    public void Run(
        int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output, CancellationToken cancellation)
    {
        long[] inputs = new long[ids.Length * signature.Inputs.Length]; // what is neither ids nor mask is token types, all zero
        for (int i = 0; i < signature.Inputs.Length; i++)
        {
            Span<long> target = inputs.AsSpan(i * ids.Length, ids.Length);
            for (int k = 0; k < target.Length; k++)
                target[k] = signature.Inputs[i].Name switch
                {
                    GraphSignature.InputIds => ids[k],
                    GraphSignature.AttentionMask => attentionMask[k],
                    _ => 0,
                };
        }

        calls.Run(null, MemoryMarshal.AsBytes(inputs.AsSpan()), [batch, length], MemoryMarshal.AsBytes(output), [batch, length, Dimension]);
    }

    public void Dispose() => session.Dispose();
}
