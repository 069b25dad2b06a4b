using System.Runtime.InteropServices;
using ColbertOnnx.Native;
using ColbertOnnx.Pipeline;
using ColbertOnnx.Runtime;

namespace ColbertOnnx.Benchmarks;

/// <summary>A graph as encoders open it that know nothing of ONNX Runtime's traps: its default options, with one thread in each operator.</summary>
internal sealed class DefaultSession : IEncoderSession
{
    private static readonly Lazy<OrtEnvironmentHandle> Environment = new(() => OrtLibrary.Loaded.CreateEnvironment());

    private readonly OrtSessionHandle session;
    private readonly GraphSignature signature;

    /// <param name="file">The graph.</param>
    public DefaultSession(string file)
    {
        OrtLibrary library = OrtLibrary.Loaded;
        using OrtSessionOptionsHandle options = library.CreateSessionOptions();
        library.SetOption(options, OrtFunction.SetIntraOpNumThreads, 1);
        session = library.CreateSession(Environment.Value, Path.GetFullPath(file), options);
        signature = GraphSignature.Check(library.GetTensors(session, inputs: true), library.GetTensors(session, inputs: false), file);
        byte[] one = new byte[sizeof(long) * signature.Inputs.Length];
        Dimension = (int)(signature.Dimension > 0 ? signature.Dimension : library.RunForShape(session, signature.Inputs, one, [1, 1], signature.Output)[^1]);
    }

    public int Dimension { get; }

    public bool SharesScales => false;

    public void Run(int batch, int length, ReadOnlySpan<int> ids, ReadOnlySpan<byte> attentionMask, Span<float> output, CancellationToken cancellation)
    {
        long[] inputs = new long[ids.Length * signature.Inputs.Length]; // what is neither ids nor mask is token types, all zero
        for (int i = 0; i < signature.Inputs.Length; i++)
        {
            Span<long> target = inputs.AsSpan(i * ids.Length, ids.Length);
            for (int k = 0; k < target.Length; k++)
                target[k] = signature.Inputs[i].Name switch { GraphSignature.InputIds => ids[k], GraphSignature.AttentionMask => attentionMask[k], _ => 0 };
        }

        OrtLibrary.Loaded.Run(session, null, signature.Inputs, MemoryMarshal.AsBytes(inputs.AsSpan()), [batch, length], signature.Output, MemoryMarshal.AsBytes(output), [batch, length, Dimension]);
    }

    public void Dispose() => session.Dispose();
}
