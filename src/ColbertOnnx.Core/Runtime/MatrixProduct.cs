using ColbertOnnx.Onnx;
using ColbertOnnx.Onnx.Proto;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Runtime;

/// <summary>
/// One matrix product of ONNX Runtime whose matrices fit into a core's second-level cache: as many multiply-adds a second as
/// a CPU does for any graph. Threads may share it, each with an operand of its own.
/// </summary>
internal sealed class MatrixProduct : IDisposable
{
    // From 16 rows up the library's kernels reach their full speed; a long inner dimension keeps the time of writing the result small.
    private const int Rows = 96, Inner = 768, Columns = 384;

    private static readonly string[] InputNames = ["a"], OutputNames = ["y"];

    private readonly InferenceSession session;
    private readonly bool isInt8;

    private MatrixProduct(InferenceSession session, bool isInt8)
    {
        this.session = session;
        this.isInt8 = isInt8;
    }

    /// <summary>Multiply-adds of a call.</summary>
    public static long MultiplyAdds => (long)Rows * Inner * Columns;

    /// <param name="isInt8">Bytes with and without a sign, as quantized graphs have them; otherwise float32.</param>
    public static MatrixProduct Open(bool isInt8)
    {
        _ = OrtEnvironment.Instance;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        return new MatrixProduct(new InferenceSession(Graph(isInt8), options), isInt8);
    }

    /// <summary>A call over memory of its own, for one thread.</summary>
    public Operand Prepare() => new(this);

    public void Dispose() => session.Dispose();

    private static byte[] Graph(bool isInt8)
    {
        var weights = new TensorProto
        {
            Name = "b",
            DataType = (int)(isInt8 ? OnnxElementType.Int8 : OnnxElementType.Float),
            Dims = { Inner, Columns },
            RawData = ByteString.CopyFrom(new byte[Inner * Columns * (isInt8 ? 1 : sizeof(float))]),
        };
        var node = new NodeProto { OpType = isInt8 ? "MatMulInteger" : "MatMul", Input = { "a", "b" }, Output = { "y" } };
        var graph = new GraphProto { Name = "product", Node = { node }, Initializer = { weights } };
        graph.Input.Add(OnnxAttributes.Value("a", isInt8 ? OnnxElementType.UInt8 : OnnxElementType.Float, [$"{Rows}", $"{Inner}"]));
        graph.Output.Add(OnnxAttributes.Value("y", isInt8 ? OnnxElementType.Int32 : OnnxElementType.Float, [$"{Rows}", $"{Columns}"]));
        return new ModelProto { IrVersion = 8, OpsetImport = { new OperatorSetIdProto { Version = 13 } }, Graph = graph }.ToByteArray();
    }

    /// <summary>What one thread multiplies, again and again.</summary>
    internal sealed class Operand : IDisposable
    {
        private readonly MatrixProduct product;
        private readonly RunOptions options = new();
        private readonly OrtValue[] inputs, outputs;

        internal Operand(MatrixProduct product)
        {
            this.product = product;
            inputs = [product.isInt8 ? Value(new byte[Rows * Inner], Inner) : Value(new float[Rows * Inner], Inner)];
            outputs = [product.isInt8 ? Value(new int[Rows * Columns], Columns) : Value(new float[Rows * Columns], Columns)];
        }

        public void Run() => product.session.Run(options, InputNames, inputs, OutputNames, outputs);

        public void Dispose()
        {
            foreach (OrtValue value in inputs) value.Dispose();
            foreach (OrtValue value in outputs) value.Dispose();
            options.Dispose();
        }

        private static OrtValue Value<T>(T[] memory, int columns)
            where T : unmanaged => OrtValue.CreateTensorValueFromMemory(memory, [Rows, columns]);
    }
}
