using System.Runtime.InteropServices;
using ColbertOnnx.Native;
using ColbertOnnx.Native.Operators;
using ColbertOnnx.Onnx.Proto;
using ColbertOnnx.Runtime;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace ColbertOnnx.Tests.Runtime;

/// <summary>
/// An exception inside an operator would end the process: it fails the call instead. Alone, because a first session with new operators is.
/// </summary>
[Collection(nameof(Alone))]
public sealed unsafe class OperatorFailureTests
{
    public static TheoryData<string> Operators => ["QuantizeRows", "GeluRows"];

    [Theory]
    [MemberData(nameof(Operators))]
    public void An_exception_in_an_operator_fails_the_call_and_the_next_session_runs(string name)
    {
        _ = OrtEnvironment.Instance;

        // Without its attributes, which it reads through a null pointer.
        OrtCustomOp described = (name == "QuantizeRows" ? QuantizeRowsOperator.Describe() : GeluRowsOperator.Describe()) with
        {
            CreateKernelV2 = &WithoutKernel,
        };
        string domain = $"test.{name}";
        using SessionOptions options = OptionsWith(domain, described);
        using var session = new InferenceSession(GraphOf(name, domain), options);
        OnnxRuntimeException error = Assert.Throws<OnnxRuntimeException>(() => Run(session, name));
        Assert.Contains("NullReferenceException in an operator of ColbertOnnx", error.Message, StringComparison.Ordinal);

        using var sound = new SessionOptions();
        OrtManaged.AddOperators(sound);
        using var other = new InferenceSession(GraphOf(name, RowOperators.Domain), sound);
        Run(other, name);
    }

    [Fact]
    public void Running_out_of_memory_in_an_operator_is_told_as_such()
    {
        _ = OrtEnvironment.Instance;
        using SessionOptions options = OptionsWith(
            "test.memory", QuantizeRowsOperator.Describe() with { KernelComputeV2 = &WithoutMemory });
        using var session = new InferenceSession(GraphOf("QuantizeRows", "test.memory"), options);
        Assert.Contains(
            "bad_alloc", Assert.Throws<OnnxRuntimeException>(() => Run(session, "QuantizeRows")).Message, StringComparison.Ordinal);
    }

    [UnmanagedCallersOnly]
    private static nint WithoutKernel(OrtCustomOp* op, nint api, nint info, void** kernel)
    {
        *kernel = null;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static nint WithoutMemory(void* kernel, nint context) => OrtRowOperators.Failed(new OutOfMemoryException());

    // The library keeps what it is given until the process ends.
    private static SessionOptions OptionsWith(string domain, OrtCustomOp described)
    {
        var lasting = (OrtCustomOp*)NativeMemory.Alloc((nuint)sizeof(OrtCustomOp));
        *lasting = described;
        OrtLibrary library = OrtLibrary.Loaded;
        nint made = library.CreateOperatorDomain(domain);
        library.AddOperator(made, lasting);
        var options = new SessionOptions();
        library.AddOperators(options.DangerousGetHandle(), made);
        return options;
    }

    private static void Run(InferenceSession session, string name)
    {
        float[] x = [1, 2, 3, 4, 5, 6, 7, 8], scales = [1, 1], bias = [0, 0, 0, 0];
        using OrtValue rows = OrtValue.CreateTensorValueFromMemory(x, [2, 4]), scale = OrtValue.CreateTensorValueFromMemory(scales, [2, 1]),
            added = OrtValue.CreateTensorValueFromMemory(bias, [4]);
        OrtValue[] values = name == "QuantizeRows" ? [rows] : [rows, scale, added];
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, [.. InputsOf(name)], values, ["own scales"]);
        Assert.Equal(2, results[0].GetTensorDataAsSpan<float>().Length);
    }

    private static string[] InputsOf(string name) => name == "QuantizeRows" ? ["x"] : ["x", "scales", "bias"];

    private static byte[] GraphOf(string name, string domain)
    {
        var node = new NodeProto
        {
            Name = "node",
            OpType = name,
            Domain = domain,
            Input = { InputsOf(name) },
            Output = { "bytes", "own scales" },
        };
        node.Attribute.Add(new AttributeProto { Name = RowOperators.Symmetric, Type = AttributeProto.Types.AttributeType.Int, I = 1 });
        node.Attribute.Add(new AttributeProto { Name = RowOperators.ZeroPoint, Type = AttributeProto.Types.AttributeType.Int, I = 128 });
        node.Attribute.Add(new AttributeProto { Name = RowOperators.OwnZeroPoint, Type = AttributeProto.Types.AttributeType.Int, I = 0 });
        node.Attribute.Add(new AttributeProto { Name = RowOperators.Factor, Type = AttributeProto.Types.AttributeType.Float, F = 0.01f });
        node.Attribute.Add(new AttributeProto
        {
            Name = RowOperators.SmallestScale,
            Type = AttributeProto.Types.AttributeType.Float,
            F = 1e-9f,
        });
        var graph = new GraphProto { Name = "graph", Node = { node }, Output = { Tensor("own scales", 2, 1) } };
        foreach (string input in InputsOf(name))
            graph.Input.Add(input switch { "x" => Tensor(input, 2, 4), "scales" => Tensor(input, 2, 1), _ => Tensor(input, 4) });
        return new ModelProto
        {
            IrVersion = 8,
            Graph = graph,
            OpsetImport = { new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = domain, Version = 1 } },
        }.ToByteArray();
    }

    private static ValueInfoProto Tensor(string name, params ReadOnlySpan<long> shape)
    {
        var dimensions = new TensorShapeProto();
        foreach (long dimension in shape) dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = dimension });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = 1, Shape = dimensions } },
        };
    }
}
