using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ColbertOnnx.Native;

/// <summary>
/// <c>Run</c> of a session over memory of the caller, which is pinned meanwhile and neither copied nor kept. All inputs have one shape and
/// lie one after the other. Many threads may run one session at once.
/// </summary>
internal sealed unsafe class OrtManagedRun(InferenceSession session, OrtTensorInfo[] inputs, OrtTensorInfo output)
{
    private readonly string[] inputNames = [.. inputs.Select(input => input.Name)];
    private readonly string[] outputNames = [output.Name];

    /// <exception cref="OnnxRuntimeException">The library's status.</exception>
    public void Run(RunOptions? options, Span<byte> inputBytes, long[] inputShape, Span<byte> outputBytes, long[] outputShape)
    {
        fixed (byte* inputData = inputBytes, outputData = outputBytes)
        {
            OrtValue[] values = Values(inputData, inputBytes.Length, inputShape);
            try
            {
                using OrtValue result = Value(outputData, outputBytes.Length, outputShape, output);
                session.Run(options, inputNames, values, outputNames, [result]);
            }
            finally
            {
                foreach (OrtValue value in values) value.Dispose();
            }
        }
    }

    /// <summary>The shape of what the graph gives: for graphs that leave the last dimension open.</summary>
    public long[] RunForShape(Span<byte> inputBytes, long[] inputShape)
    {
        fixed (byte* inputData = inputBytes)
        {
            OrtValue[] values = Values(inputData, inputBytes.Length, inputShape);
            try
            {
                using var options = new RunOptions();
                using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, inputNames, values, outputNames);
                return results[0].GetTensorTypeAndShape().Shape;
            }
            finally
            {
                foreach (OrtValue value in values) value.Dispose();
            }
        }
    }

    private OrtValue[] Values(byte* data, int length, long[] shape)
    {
        var values = new OrtValue[inputs.Length];
        int bytes = length / values.Length;
        for (int i = 0; i < values.Length; i++) values[i] = Value(data + ((long)i * bytes), bytes, shape, inputs[i]);
        return values;
    }

    private static OrtValue Value(byte* data, long bytes, long[] shape, OrtTensorInfo tensor) =>
        OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, (TensorElementType)tensor.ElementType, shape, (nint)data, bytes);
}
