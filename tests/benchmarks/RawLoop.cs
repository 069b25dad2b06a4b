using ColbertOnnx.Runtime;
using ColbertOnnx.Runtime.Rows;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Benchmarks;

/// <summary>
/// The same session by Microsoft's managed API alone, in the least way: one text, whose inputs and output are made once and stand in pinned
/// memory.
/// </summary>
internal sealed class RawLoop : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly string[] inputNames, outputNames;
    private readonly OrtValue[] inputs, outputs;

    public RawLoop(string graph, ReadOnlySpan<int> ids)
    {
        var settings = new EncoderSessionOptions();
        session = OrtSessionSettings.Open(graph, FusedGraph.Read(graph, settings), settings);
        GraphSignature signature = GraphSignature.Check(
            OrtEncoderSession.Tensors(session.InputNames, session.InputMetadata),
            OrtEncoderSession.Tensors(session.OutputNames, session.OutputMetadata), graph);
        inputNames = [.. signature.Inputs.Select(input => input.Name)];
        outputNames = [signature.Output.Name];
        inputs = new OrtValue[inputNames.Length];
        long[] shape = [1, ids.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            long[] values = GC.AllocateArray<long>(ids.Length, pinned: true);
            for (int k = 0; k < values.Length; k++)
                values[k] = inputNames[i] switch { GraphSignature.InputIds => ids[k], GraphSignature.AttentionMask => 1, _ => 0 };
            inputs[i] = OrtValue.CreateTensorValueFromMemory(values, shape);
        }

        Rows = GC.AllocateArray<float>(ids.Length * (int)signature.Dimension, pinned: true);
        outputs = [OrtValue.CreateTensorValueFromMemory(Rows, [1, ids.Length, signature.Dimension])];
    }

    public float[] Rows { get; }

    public void Run() => session.Run(options, inputNames, inputs, outputNames, outputs);

    public void Dispose()
    {
        foreach (OrtValue value in inputs.Concat(outputs)) value.Dispose();
        options.Dispose();
        session.Dispose();
    }
}
